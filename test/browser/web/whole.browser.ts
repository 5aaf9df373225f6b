import type { Page } from 'playwright-core'
import t from 'tap'
import { openPage, signIn, startSite } from './site.js'

const site = await startSite(t)
const press = async (page: Page, name: string | RegExp) => await page.getByRole('button', { name }).last().click()

async function write (page: Page, text: string) {
  await page.getByRole('textbox', { name: /Message to/ }).fill(text)
  await page.keyboard.press('Enter')
}

t.test('two people go from signing in to an accepted trade, and nothing is lost when the network goes meanwhile', async t => {
  const bela = await openPage(t, site, { width: 360, height: 740, dark: true })
  await signIn(bela, 'Bela')
  await bela.getByRole('heading', { name: 'No conversations yet' }).waitFor()
  const anna = await openPage(t, site)
  await signIn(anna, 'Anna')
  await anna.getByRole('link', { name: 'Bela' }).click()
  await write(anna, 'Good morning')
  await bela.getByRole('button', { name: /Message requests/ }).click()
  await bela.getByRole('link', { name: /Anna/ }).click()
  await bela.getByRole('main').getByText('Good morning').last().waitFor()

  await anna.context().setOffline(true)
  await anna.getByText('You are offline.').waitFor()
  await write(anna, 'I have some sun left')
  await anna.getByText('Waiting for a connection').first().waitFor()
  await write(bela, 'Are you there?')
  t.equal(await bela.getByText('I have some sun left').count(), 0)
  await anna.context().setOffline(false)
  await anna.getByRole('main').getByText('Are you there?').last().waitFor()
  await bela.getByRole('main').getByText('I have some sun left').last().waitFor()
  await anna.getByText('You are offline.').waitFor({ state: 'detached' })

  await press(anna, 'Make an offer')
  const form = anna.getByRole('dialog')
  await form.getByLabel('Energy').fill('12.5')
  await form.getByLabel('Price').fill('0.27')
  await press(anna, 'Send offer')
  await form.waitFor({ state: 'detached' })
  await bela.getByRole('main').getByText('Your move').last().waitFor()
  await press(bela, 'Accept')
  await press(bela, 'Accept for €3.375')
  await anna.getByText(/Bela.? accepted the offer/).waitFor()

  await anna.getByRole('link', { name: 'Trades' }).click()
  await anna.getByRole('main').getByText('Accepted').first().waitFor()
})
