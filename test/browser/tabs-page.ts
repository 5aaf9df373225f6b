import { createStore } from '../../client/src/store/index.js'

/** A page that tells by attributes how its store is, and lists the messages with `bob`. With `?alone` it shares nothing with other tabs. */
const store = createStore({
  baseUrl: document.body.dataset.chatUrl ?? '', token: async () => await (await fetch('/chat-token')).text(), shareConnection: location.search !== '?alone'
})
const list = document.body.appendChild(document.createElement('ol'))
store.subscribe(() => {
  const { connection, threads: { bob } } = store.getSnapshot()
  Object.assign(document.body.dataset, { status: connection.status, error: connection.error?.code ?? '', leads: String(connection.isLeader === true) })
  list.replaceChildren(...(bob?.entries ?? []).map(({ message }) => {
    const line = document.createElement('li')
    line.appendChild(document.createElement('span')).textContent = message.text ?? ''
    return line
  }))
})
store.openThread('bob')
store.start()
