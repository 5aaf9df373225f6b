/**
 * What react-aria says to screen readers, in Hindi, which it hasn't: the names of its folders of words below `intl/`, with what is in braces
 * put in. A machine made them; nobody has reviewed them.
 */
export const hindi: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'react-aria-components': {
    selectPlaceholder: 'कोई विकल्प चुनें',
    tableResizer: 'चौड़ाई बदलें',
    dropzoneLabel: 'छोड़ने का स्थान',
    colorSwatchPicker: 'रंग के नमूने'
  },
  'react-aria/autocomplete': { collectionLabel: 'सुझाव' },
  'react-aria/calendar': {
    previous: 'पिछला',
    next: 'अगला',
    selectedDateDescription: 'चुनी गई तारीख: {date}',
    selectedRangeDescription: 'चुनी गई अवधि: {dateRange}',
    todayDate: 'आज, {date}',
    todayDateSelected: 'आज, {date} चुनी गई',
    dateSelected: '{date} चुनी गई',
    startRangeSelectionPrompt: 'अवधि चुनना शुरू करने के लिए क्लिक करें',
    finishRangeSelectionPrompt: 'अवधि चुनना पूरा करने के लिए क्लिक करें',
    minimumDate: 'पहली उपलब्ध तारीख',
    maximumDate: 'आखिरी उपलब्ध तारीख',
    dateRange: '{startDate} से {endDate}'
  },
  'react-aria/datepicker': {
    era: 'युग',
    year: 'वर्ष',
    month: 'महीना',
    day: 'दिन',
    hour: 'घंटा',
    minute: 'मिनट',
    second: 'सेकंड',
    dayPeriod: 'पूर्वाह्न/अपराह्न',
    calendar: 'कैलेंडर',
    startDate: 'आरंभ तारीख',
    endDate: 'समाप्ति तारीख',
    weekday: 'सप्ताह का दिन',
    timeZoneName: 'समय क्षेत्र',
    selectedDateDescription: 'चुनी गई तारीख: {date}',
    selectedRangeDescription: 'चुनी गई अवधि: {startDate} से {endDate}',
    selectedTimeDescription: 'चुना गया समय: {time}'
  },
  'react-aria/grid': {
    deselectedItem: '{item} अब चुना हुआ नहीं है।',
    select: 'चुनें',
    selectedCount: 'चुने गए: {count}।',
    selectedAll: 'सभी चुने गए।',
    selectedItem: '{item} चुना गया।',
    longPressToSelect: 'चुनना शुरू करने के लिए देर तक दबाएँ।'
  },
  'react-aria/menu': { longPressMessage: 'मेनू खोलने के लिए देर तक दबाएँ या Alt + नीचे तीर दबाएँ' },
  'react-aria/overlays': { dismiss: 'बंद करें' },
  'react-aria/searchfield': { 'Clear search': 'खोज मिटाएँ' },
  'react-aria/spinbutton': { Empty: 'खाली' },
  'react-aria/table': {
    select: 'चुनें',
    selectAll: 'सभी चुनें',
    sortable: 'क्रम बदलने योग्य कॉलम',
    ascending: 'आरोही',
    descending: 'अवरोही',
    ascendingSort: 'कॉलम {columnName} के अनुसार आरोही क्रम में',
    descendingSort: 'कॉलम {columnName} के अनुसार अवरोही क्रम में',
    columnSize: '{value} पिक्सेल',
    resizerDescription: 'चौड़ाई बदलना शुरू करने के लिए Enter दबाएँ',
    expand: 'विस्तार करें',
    collapse: 'समेटें'
  },
  'react-stately/datepicker': {
    rangeUnderflow: 'मान {minValue} या उसके बाद का होना चाहिए।',
    rangeOverflow: 'मान {maxValue} या उससे पहले का होना चाहिए।',
    rangeReversed: 'आरंभ तारीख समाप्ति तारीख से पहले होनी चाहिए।',
    unavailableDate: 'चुनी गई तारीख उपलब्ध नहीं है।'
  }
}
