import { createElement, StrictMode, type FunctionComponent } from 'react'
import t from 'tap'
import { useChat, useConnection, useConversations, useNow, useOffer, useStore, useThread } from '../../../client/src/react/index.js'
import { until } from '../../support/live.js'
import { conversationWith, emptySnapshot, fakeStore, threadOf } from './fake-store.js'
import { mount } from './page.js'

/** A component that shows what a hook returns, and counts how often it was rendered. */
function shows (hook: () => unknown) {
  const shown: unknown[] = []
  const Component: FunctionComponent = () => {
    const value = hook()
    shown.push(value)
    return createElement('p', null, JSON.stringify(value))
  }
  return { shown, Component }
}

t.test('a message in one thread renders nothing else again', async t => {
  const fake = fakeStore({ ...emptySnapshot, threads: { bob: threadOf('bob', 'hello'), eve: threadOf('eve') } })
  const parts = {
    bob: shows(() => useThread('bob').entries.length),
    eve: shows(() => useThread('eve').entries.length),
    connection: shows(() => useConnection().status),
    conversations: shows(() => useConversations().items.length),
    names: shows(() => useChat(({ conversations }) => conversations.items.map(({ userId }) => userId))),
    offer: shows(() => useOffer('offer')?.status),
    store: shows(() => useStore() === fake.store)
  }
  const { act } = await mount(t, fake.store, ...Object.values(parts).map(({ Component }) => createElement(Component)))
  const counts = () => Object.fromEntries(Object.entries(parts).map(([name, { shown }]) => [name, shown.length]))
  const before = counts()
  await act(() => fake.set({ threads: { ...fake.snapshot().threads, bob: threadOf('bob', 'hello', 'again') } }))
  t.same(parts.bob.shown.at(-1), 2)
  t.same(counts(), { ...before, bob: before.bob! + 1 })
  await act(() => fake.set({ conversations: { ...emptySnapshot.conversations, items: [conversationWith('bob')] } }))
  t.same(counts(), { ...before, bob: before.bob! + 1, conversations: before.conversations! + 1, names: before.names! + 1 })
  await act(() => fake.set({ conversations: { ...emptySnapshot.conversations, items: [conversationWith('bob', 1)] } }))
  t.equal(parts.names.shown.length, before.names! + 1, 'a selector that makes the same list again')
})

t.test('a selector may be another with each rendering', async t => {
  const fake = fakeStore({ ...emptySnapshot, threads: { bob: threadOf('bob', 'hello') } })
  const part = shows(() => useChat(({ threads, me }) => ({ me, texts: threads.bob?.entries.length })))
  const { act, text, render } = await mount(t, fake.store, createElement(part.Component))
  await act(() => fake.set({ me: 'ann' }))
  t.equal(part.shown.length, 1)
  await act(() => fake.set({ me: 'eve' }))
  t.equal(text(), '{"me":"eve","texts":1}')
  await render(createElement(part.Component))
  t.equal(part.shown.length, 3)
  t.equal(part.shown[2], part.shown[1], 'the same object while it says the same')
})

t.test('a thread is open while it is shown', async t => {
  const fake = fakeStore()
  const Thread: FunctionComponent<{ userId: string }> = ({ userId }) => createElement('p', null, useThread(userId).status)
  const { render, text, unmount } = await mount(t, fake.store, createElement(Thread, { userId: 'bob' }))
  t.equal(text(), 'loading')
  t.same(fake.asked, ['open bob'])
  await render(createElement(Thread, { userId: 'constructor' }))
  t.equal(text(), 'loading')
  t.same(fake.asked, ['open bob', 'let go of bob', 'open constructor'])
  await unmount()
  t.same(fake.asked.at(-1), 'let go of constructor')
  t.equal(fake.listeners.size, 0)
})

t.test('conversations are read once if nobody has asked for them', async t => {
  const idle = fakeStore({ ...emptySnapshot, conversations: { ...emptySnapshot.conversations, status: 'idle' } })
  const { Component } = shows(() => useConversations().status)
  await mount(t, idle.store, createElement(Component))
  t.same(idle.asked, ['conversations'])
  const ready = fakeStore()
  await mount(t, ready.store, createElement(Component))
  t.same(ready.asked, [])
})

t.test('an offer is shown as it is, and nothing of one that isn\'t known', async t => {
  const fake = fakeStore()
  const { Component } = shows(() => useOffer('constructor') ?? 'none')
  const { text } = await mount(t, fake.store, createElement(Component))
  t.equal(text(), '"none"')
})

t.test('the clock goes in steps, and stops when nobody looks', async t => {
  const fake = fakeStore()
  fake.setTime(59_990)
  const { Component, shown } = shows(() => useNow(60_000))
  const { text, unmount } = await mount(t, fake.store, createElement(Component))
  t.equal(text(), '0')
  fake.setTime(60_001)
  await until('a minute is over', () => text() === '60000')
  t.same(shown, [0, 60_000])
  await unmount()
})

t.test('it works in strict mode', async t => {
  const fake = fakeStore({ ...emptySnapshot, threads: { bob: threadOf('bob', 'hello') } })
  const Thread: FunctionComponent = () => createElement('p', null, useThread('bob').entries.length)
  const { act, text, unmount } = await mount(t, fake.store, createElement(StrictMode, null, createElement(Thread)))
  await act(() => fake.set({ threads: { bob: threadOf('bob', 'hello', 'again') } }))
  t.equal(text(), '2')
  await unmount()
  t.equal(fake.asked.filter(what => what.startsWith('open')).length, fake.asked.filter(what => what.startsWith('let')).length)
})

t.test('without a provider hooks say so', async t => {
  const { Component } = shows(() => useStore())
  await t.rejects(mount(t, undefined, createElement(Component)), { message: 'There is no ChatProvider above' })
})
