import { viewWords } from '../i18n/index.js'
import { loadAnalyticsWords } from './load-words.js'

export const { Provider: AnalyticsWords, useSay } = viewWords(loadAnalyticsWords)
