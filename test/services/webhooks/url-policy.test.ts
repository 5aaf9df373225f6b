import t from 'tap'
import { isAddressAllowed, judgeUrl } from '../../../src/services/webhooks/url-policy.js'

const production = { local: false, allow: [] }
const development = { local: true, allow: [] }

t.test('names of public hosts are allowed', t => {
  for (const url of [
    'https://billing.example/equilux', 'https://billing.example:8443/a?b=c', 'https://xn--bcher-kva.example/', 'https://bücher.example/',
    'https://billing.example./', 'https://10.example/', 'https://local.example/', 'https://internal.example/', 'https://1.2.3.4.nip.example/'
  ]) t.match(judgeUrl(url, production), { url: URL }, url)
  t.end()
})

t.test('everything else is refused, with a reason that doesn\'t repeat it', t => {
  const refused: Record<string, RegExp> = {
    'not a URL': /not a URL/,
    'https://': /not a URL/,
    'https://a b.example/': /not a URL/,
    '//billing.example/': /not a URL/,
    'http://billing.example/': /https/,
    'ftp://billing.example/': /https/,
    'file:///etc/passwd': /https/,
    'javascript:alert(1)': /https/,
    'https://user@billing.example/': /user name/,
    'https://:secret@billing.example/': /user name/,
    'https://billing.example/#fragment': /fragment/,
    'https://billing.example/#': /fragment/,
    'https://localhost/': /name with a dot/,
    'https://localhost./': /name with a dot/,
    'https://metadata/': /name with a dot/,
    'https://a..example/': /empty label/,
    'https://.billing.example/': /empty label/,
    'https://billing.example../': /empty label/,
    'https://printer.local/': /private networks/,
    'https://metadata.google.internal/': /private networks/,
    'https://METADATA.GOOGLE.INTERNAL./': /private networks/,
    'https://me.localhost/': /private networks/,
    'https://nas.home.arpa/': /private networks/,
    'https://nas.lan/': /private networks/,
    'https://nas%2elocal/': /private networks/,
    'https://nas。local/': /private networks/,
    'https://nas．ｌｏｃａｌ/': /private networks/
  }
  for (const [url, reason] of Object.entries(refused)) {
    const judged = judgeUrl(url, production)
    t.match(judged, { refusal: reason }, url)
  }
  t.end()
})

t.test('outside production this machine is allowed too, without TLS as well', t => {
  for (const url of ['http://localhost:4000/', 'http://127.0.0.1:4000/', 'http://[::1]:4000/', 'https://localhost/', 'http://billing.example/']) {
    t.match(judgeUrl(url, development), { url: URL }, url)
    if (!url.startsWith('https://billing')) t.match(judgeUrl(url, production), { refusal: String }, url)
  }
  for (const url of ['http://10.0.0.1/', 'http://169.254.169.254/', 'http://[fd00::1]/', 'http://printer.local/', 'http://receiver/']) {
    t.match(judgeUrl(url, development), { refusal: String }, url)
  }
  t.end()
})

t.test('only addresses of the public internet may be connected to', t => {
  for (const address of ['93.184.215.14', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1', '::ffff:1.1.1.1']) {
    t.ok(isAddressAllowed(address, production), address)
  }
  for (const address of [
    '127.0.0.1', '127.255.255.254', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', '169.254.169.254', '169.254.170.2',
    '100.64.0.1', '100.100.100.200', '168.63.129.16', '192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '192.88.99.1',
    '224.0.0.1', '240.0.0.1', '255.255.255.255',
    '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '::ffff:0:7f00:1', '::ffff:168.63.129.16', '64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1', '2002:7f00:1::', '2001::1', '2001:db8::1', '2001:10::1', '2001:20::1', '3fff::1', '5f00::1', '100::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1',
    'fe80::1%eth0', 'fec0::1', 'ff02::1', '4000::1', '1::1', 'billing.example', '', '1.2.3'
  ]) t.notOk(isAddressAllowed(address, production), address)
  t.end()
})

t.test('networks can be allowed, and outside production this machine is', t => {
  const allowing = { local: false, allow: ['10.20.0.0/16', 'fd00:1::/32'] }
  for (const address of ['10.20.0.1', '::ffff:10.20.255.255', 'fd00:1::5', '1.1.1.1']) t.ok(isAddressAllowed(address, allowing), address)
  for (const address of ['10.21.0.1', 'fd00:2::1', '127.0.0.1', '::1']) t.notOk(isAddressAllowed(address, allowing), address)
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) t.ok(isAddressAllowed(address, development), address)
  t.notOk(isAddressAllowed('10.20.0.1', development))
  t.end()
})
