// How long the ledger remembers an effect.

/** ms. Longer than events are kept in `forms.validated`, whose replay would have the effects of a year again. */
export const keepTime = 400 * 86_400_000
