// The script of receipts. Without it, the browser loads the page again every few seconds.
import { PinnedScript } from '../pinned-script.ts'

export const receiptScript = new PinnedScript('/receipt.js', 'receipt/browser/receipt.js')
