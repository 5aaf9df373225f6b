import type { CodeSplittingGroup } from 'rolldown'

/**
 * The parts in which the app is loaded, each with all that it imports but for what is in those before it. Left to itself the build makes dozens
 * of small ones, which on a slow network wait for one another.
 */
const parts: ReadonlyArray<[name: string, modules: RegExp]> = [
  ['main', /web\/src\/main\.ts$|vite\/preload-helper/],
  ['start', /web\/src\/(app\/(start|logo)|ui\/(button|text-field|notice))\.tsx$|lucide-react\/.*\/(messages-square|zap)\./],
  ['sign-in', /web\/src\/session\/sign-in-view\.tsx$/],
  ['conversations', /web\/src\/(session\/chat|app\/layout|conversations\/index)\.tsx$|client\/src\/store\/(actions|persistence)|lucide-react\/.*\/check\./],
  ['dialogs', /web\/src\/ui\/dialog\.tsx$/],
  ['people', /web\/src\/conversations\/people-field\.tsx$/],
  ['controls', /web\/src\/ui\/(select|segments|toggle)\.tsx$/],
  ['thread', /web\/src\/thread\/thread-pane\.tsx$/],
  ['attachments', /web\/src\/attachments\/(file-tray|message-files|prepare)\.tsx?$|client\/src\/attachments\/index/],
  ['fields', /web\/src\/(ui\/(date-box|day-field)\.tsx|offers\/form\/currencies\.ts)$/],
  ['windows', /web\/src\/(ui\/menu-popover|offers\/(answer|timeline)-dialog|safety\/(block|report)-dialog|attachments\/(profile\/profile|picture)-dialog)\.tsx$/],
  ['offer-form', /web\/src\/offers\/form\/(offer|counter)-dialog\.tsx$/],
  ['analytics', /web\/src\/analytics\/index\.tsx$/],
  ['charts', /web\/src\/analytics\/chart\/canvas\.tsx$/],
  ['operator', /web\/src\/operator\/index\.tsx$/]
]

export const chunks: CodeSplittingGroup[] = parts.map(([name, test], n) => ({ name, test, priority: parts.length - n }))
