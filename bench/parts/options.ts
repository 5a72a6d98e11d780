/** Options of `npm run bench`. */
export interface BenchOptions {
  kafka: boolean
  /** Another checkout, to be measured in turn with this one. */
  against?: string | undefined
  /** How many submissions, or records, in place of the bench's own number. */
  count?: number | undefined
}
