// The script of the form's page. Pages work without it; with it, answers are checked while people type, and a submission is repeated
// until it is accepted.
import { PinnedScript } from '../pinned-script.ts'

export const formScript = new PinnedScript('/page.js', 'page/browser/page.js')
