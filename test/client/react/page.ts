import { Window } from 'happy-dom'
import { act, createElement, type ReactNode } from 'react'
import type { Test } from 'tap'
import { ChatProvider } from '../../../client/src/react/index.js'
import type { ChatStore } from '../../../client/src/store/index.js'

/** Gives the process what React needs of a browser, until the test ends: no other test is to find itself in one. */
function openPage (t: Test): void {
  const window = new Window()
  const globals = { window, document: window.document, navigator: window.navigator, IS_REACT_ACT_ENVIRONMENT: true }
  const before = Object.keys(globals).map(name => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
  for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  t.teardown(async () => {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, descriptor)
    }
    await window.happyDOM.close()
  })
}

/** Renders components that use a store, until the test ends. */
export async function mount (t: Test, store: ChatStore | undefined, ...children: ReactNode[]) {
  openPage(t)
  // React looks at the page when it is loaded.
  const { createRoot } = await import('react-dom/client')
  const place = document.createElement('main')
  const root = createRoot(place)
  const render = async (...children: ReactNode[]) => await act(async () =>
    root.render(store === undefined ? children : createElement(ChatProvider, { store }, ...children)))
  const unmount = async () => await act(async () => root.unmount())
  t.teardown(unmount)
  await render(...children)
  return {
    render,
    unmount,
    /** Does something, and waits until what follows from it is shown. */
    act: async (change: () => unknown) => await act(async () => { await change() }),
    text: () => place.textContent
  }
}
