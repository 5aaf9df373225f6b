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
  const refused: Record<string, string> = {
    'not a URL': 'url_malformed',
    'https://': 'url_malformed',
    'https://a b.example/': 'url_malformed',
    '//billing.example/': 'url_malformed',
    'http://billing.example/': 'url_scheme',
    'ftp://billing.example/': 'url_scheme',
    'file:///etc/passwd': 'url_scheme',
    'javascript:alert(1)': 'url_scheme',
    'https://user@billing.example/': 'url_credentials',
    'https://:secret@billing.example/': 'url_credentials',
    'https://billing.example/#fragment': 'url_fragment',
    'https://billing.example/#': 'url_fragment',
    'https://localhost/': 'url_without_dot',
    'https://localhost./': 'url_without_dot',
    'https://metadata/': 'url_without_dot',
    'https://a..example/': 'url_empty_label',
    'https://.billing.example/': 'url_empty_label',
    'https://billing.example../': 'url_empty_label',
    'https://printer.local/': 'url_private_name',
    'https://metadata.google.internal/': 'url_private_name',
    'https://METADATA.GOOGLE.INTERNAL./': 'url_private_name',
    'https://me.localhost/': 'url_private_name',
    'https://nas.home.arpa/': 'url_private_name',
    'https://nas.lan/': 'url_private_name',
    'https://nas%2elocal/': 'url_private_name',
    'https://nas。local/': 'url_private_name',
    'https://nas．ｌｏｃａｌ/': 'url_private_name'
  }
  for (const [url, reason] of Object.entries(refused)) {
    const judged = judgeUrl(url, production)
    t.strictSame(judged, { refusal: reason }, url)
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
