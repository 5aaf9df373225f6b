import t from 'tap'
import { TestUser } from '../../support/helper.js'
import { textOf, userIdOf, writeHistory } from './history.js'
import { openPage, signIn, startSite } from './site.js'

const site = await startSite(t)
const { app, url } = site
const count = 10_000
const unread = 40

t.test('a thread of 10,000 messages opens where it is unread, and loads as one scrolls, without a jump', async t => {
  const page = await openPage(t, site)
  await signIn(page, 'Anna')
  const anna = new TestUser(app, await userIdOf(app, 'Anna'), { name: 'Anna' })
  const bob = new TestUser(app, 'bob', { name: 'Bob' })
  await writeHistory(app, anna, bob, count, unread)
  await page.goto(`${url}/conversations/bob`)
  const feed = page.getByRole('feed')
  const article = (seq: number) => page.locator(`article[aria-posinset="${seq}"]`)

  await page.getByText('New messages', { exact: true }).waitFor()
  const isInView = async (seq: number) => await article(seq).evaluate(element => {
    const [{ top }, feed] = [element.getBoundingClientRect(), element.closest('[role=feed]')!.getBoundingClientRect()]
    return top >= feed.top && top < feed.top + feed.height / 2
  })
  while (!await isInView(count - unread + 1)) await page.waitForTimeout(50)

  // From the reader's first move on the thread stays where they put it, also while its rows are still being measured.
  await feed.hover()
  await page.mouse.wheel(0, -100)
  let jump = 0
  for (let seq = count; seq > count - 200;) {
    const place = await feed.evaluate(async feed => {
      feed.scrollBy(0, -300)
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      const { top, height } = feed.getBoundingClientRect()
      const articles = Array.from(feed.querySelectorAll('article'))
      const article = articles.find(element => element.getBoundingClientRect().bottom > top + height / 2)
      return { seq: Number(article?.ariaPosInSet), top: article?.getBoundingClientRect().top ?? 0, articles: articles.length }
    })
    // What comes in above moves nothing of what is looked at.
    await page.locator('[role=feed]:not([aria-busy=true])').waitFor()
    const { top } = await article(place.seq).evaluate(async element => {
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      return element.getBoundingClientRect()
    })
    jump = Math.max(jump, Math.abs(top - place.top))
    if (place.articles > 80) t.fail(`${place.articles} messages are in the page`)
    seq = place.seq
  }
  t.ok(jump < 3, `${jump} px`)

  // The keyboard goes back as well, and the focus stays where it is while more is loaded.
  await page.getByRole('article').last().focus()
  await page.keyboard.press('Home')
  const focused = page.locator('article:focus')
  const first = async () => Number(await focused.getAttribute('aria-posinset'))
  while (await first() > count - 200) await page.waitForTimeout(50)
  const seq = await first()
  // Those before it are loaded as it comes into view.
  await page.locator(`article[aria-posinset="${seq - 1}"]`).waitFor()
  t.equal(await first(), seq)

  await bob.say(anna.id, 'News')
  await page.getByRole('button', { name: '1 new message' }).click()
  await article(count + 1).waitFor()
  t.match(await article(count).textContent(), textOf(count))
})

t.test('where less motion is wanted, what is moved is at once where it was put', async t => {
  const page = await openPage(t, site)
  await page.getByRole('heading').first().waitFor()
  t.equal(await page.evaluate(() => {
    const before = document.body.getBoundingClientRect().top
    document.body.style.marginTop = '40px'
    return document.body.getBoundingClientRect().top - before
  }), 40)
})
