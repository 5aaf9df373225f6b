import chat from './chat.json' with { type: 'json' }
import files from './files.json' with { type: 'json' }
import safety from './safety.json' with { type: 'json' }
import shell from './shell.json' with { type: 'json' }
import trades from './trades.json' with { type: 'json' }

export default { ...shell, ...chat, ...files, ...safety, ...trades }
