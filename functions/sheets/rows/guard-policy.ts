// Decides whether a batch is inserted with guards, which make Google refuse it if people moved columns or merged cells meanwhile.
import type { InsertionPoint } from './insertion-point.ts'

export interface Refusal {
  error: Error
  point: InsertionPoint
  guarded: boolean
}

/**
 * After so many batches in a row that Google took only without guards, all go without. One such batch proves nothing: a person may
 * have changed the tab and undone it, which looks the same.
 */
const maxGuardsRefused = 3

export class GuardPolicy {
  /** In a row. */
  #guardsRefused = 0

  /** Throws Google's error if the batch was refused without guards and the tab is still the same: people are not the cause. */
  useGuards(point: InsertionPoint, refusal: Refusal | undefined): boolean {
    const unchanged = refusal !== undefined && isSamePoint(refusal.point, point)
    if (unchanged && !refusal.guarded) throw refusal.error
    return this.#guardsRefused < maxGuardsRefused && !unchanged
  }

  /** A batch was accepted. */
  accepted(
    point: InsertionPoint,
    { guarded, refusal }: { guarded: boolean; refusal: Refusal | undefined },
  ): void {
    // Google took everything but the guards. Writing the rows matters more.
    if (refusal && isSamePoint(refusal.point, point)) this.#guardsRefused += 1
    else if (guarded) this.#guardsRefused = 0
  }
}

/** Whether nothing that decides about the requests has changed. */
function isSamePoint(one: InsertionPoint, other: InsertionPoint): boolean {
  const toText = ({ snapshot, row, columns }: InsertionPoint) => {
    const { rowCount, columnCount, merges, markedColumns, headerRow, headerMark } = snapshot
    const grid = [rowCount, columnCount, merges, markedColumns, headerRow, headerMark]
    return JSON.stringify([grid, row, [...columns.at]])
  }
  return toText(one) === toText(other)
}
