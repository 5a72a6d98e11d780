// Removes the stamp of another ledger from the tabs of a form, so that this installation takes them over.
import type { SheetsApi } from '../../functions/sheets/google/client.ts'
import { removeStamp } from '../../functions/sheets/google/stamp.ts'
import { existingParts } from '../../functions/sheets/rows/rotated-tabs.ts'
import { nameOf, type Target } from '../../functions/sheets/target.ts'
import type { InstanceClient } from '../../local/knative/control/instance-client.ts'

/** `instance`: the one that runs on this data folder, if any. */
export async function adopt(
  api: SheetsApi,
  target: Target,
  instance: Pick<InstanceClient, 'tick'> | undefined,
): Promise<void> {
  const tabs = await existingParts(api, target)
  if (tabs.length === 0)
    console.log(`The tab ${nameOf(target)} does not exist: the first row creates it`)
  for (const tab of tabs) {
    const snapshot = await tab.read()
    const stamp = snapshot?.stamp
    if (stamp) await removeStamp(tab, snapshot)
    const result = stamp ? `Took the stamp of ledger ${stamp} off` : 'There was no stamp on'
    console.log(`${result} the tab ${tab.name}: the next row takes it over`)
  }
  // Writes waiting rows now; their backoff may be a minute by now.
  await instance?.tick('sheets')
}
