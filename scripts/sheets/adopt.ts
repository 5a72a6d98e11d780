// Takes another ledger's stamp off the tabs of a form, so that this installation takes them over.

import { type Api, type Place, tabsOf } from '../../functions/sheets/rows/rotated-tabs.ts'
import type { InstanceClient } from '../../local/knative/instance-client.ts'

/** `instance`: the one that runs on this data folder, if any. */
export async function adopt(
  api: Api,
  place: Place,
  instance: Pick<InstanceClient, 'tick'> | undefined,
): Promise<void> {
  const tabs = await tabsOf(api, place)
  if (tabs.length === 0)
    console.log(`The tab ${place.spreadsheet}/${place.tab} does not exist: the first row makes it`)
  for (const tab of tabs) {
    const look = await tab.look()
    const stamp = look?.stamp
    if (stamp) await tab.unstamp(look)
    const found = stamp ? `Took the stamp of ledger ${stamp} off` : 'There was no stamp on'
    console.log(`${found} the tab ${tab.name}: the next row takes it over`)
  }
  // What was refused waits longer after each time: not any more.
  await instance?.tick('sheets')
}
