// The port to the status view: what became of each submission. The task `receipts` writes it, the endpoint reads it. Adapter: sqlite/.

/** What a task did with a submission. */
export type Outcome =
  | { state: 'validated' | 'analyzed' }
  | { state: 'recorded'; tab: string; row: number }
  /** Of the mail to the person and of the one to the owners, each as far as known. `again`: more than one may have arrived. */
  | { state: 'confirmed'; person?: Mail; owners?: Mail; again?: true }
  /** At least one target of the webhooks has it. `again`: one may have it more than once. */
  | { state: 'forwarded'; again?: true }
  /** `errors`: field name to what was expected. */
  | { state: 'refused'; errors: Record<string, string> }
  /** The event is a dead letter. `final`: the task refused it; otherwise the retries came to their end. */
  | { state: 'failed'; final: boolean }

export type Mail = 'sent' | 'no-address' | 'bounced' | 'limited' | 'unknown'

export interface Fact {
  /** Id of the submission. */
  submission: string
  form: string
  /** When the person submitted, ISO 8601. */
  time: string
  task: string
  outcome: Outcome
  /** Only of forms whose receipt shows them. */
  answers?: Record<string, unknown> | undefined
}

export interface Status {
  form: string
  time: string
  /** By task. A failure is absent if the task succeeded before or later. */
  outcomes: Record<string, Outcome>
  answers?: Record<string, unknown>
}

export interface StatusStore {
  /** Resolves when the fact survives the end of this process. Facts may come in any order, and again. */
  put(fact: Fact): Promise<void>
  /** Undefined if nothing is known of the submission. */
  get(submission: string): Promise<Status | undefined>
  close(): void
}

export type StatusReader = Pick<StatusStore, 'get'>

/** The tasks whose results the view has. */
export const followedTasks: string[] = ['validation', 'sheets', 'slang', 'confirmation', 'webhook']
