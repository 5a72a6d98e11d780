// The tasks that this instance runs.
import { KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import { readConfig } from '#kit/config.ts'
import type { Task } from '#kit/define-task.ts'
import { findTasks } from '#kit/find-tasks.ts'

type Variables = Record<string, string | undefined>

/**
 * Where several instances may share a Kafka, each would get only a part of the events: tasks whose state stays on this machine are
 * left out there.
 */
export async function tasksHere(environment: Variables): Promise<Task[]> {
  const tasks = await findTasks()
  const onKafka = readConfig(KafkaEnvironment, environment).KAFKA_BROKERS !== undefined
  const single = tasks.some(({ oneInstance }) => oneInstance?.(environment))
  return tasks.filter(({ localOnly }) => localOnly === undefined || !onKafka || single)
}
