import { viewWords } from '../i18n/index.js'
import { loadOperatorWords } from './load-words.js'

export const { Provider: OperatorWords, useSay } = viewWords(loadOperatorWords)
