/** A certificate for billing.example that nobody has signed but itself, with its key: worth nothing, and used by tests only. */
export const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjRQgznXvRGTypViT
fOBGK+IIU4R5oKZAP/KHIfBzHR2hRANCAATB+1guQqRgk/P7g+L7ZvJTjhI764lc
QZY/eMPhtyaofKPsQs/jHzakZws3Mp2/b8KeI7YpuIXYxqHfCOgMOFlH
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBizCCATGgAwIBAgIUXq30ozNwpRb+uskQgoLccVPi1T0wCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPYmlsbGluZy5leGFtcGxlMCAXDTI2MTEyNjAyNDg0MFoYDzIx
MjYxMTAyMDI0ODQwWjAaMRgwFgYDVQQDDA9iaWxsaW5nLmV4YW1wbGUwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAATB+1guQqRgk/P7g+L7ZvJTjhI764lcQZY/eMPh
tyaofKPsQs/jHzakZws3Mp2/b8KeI7YpuIXYxqHfCOgMOFlHo1MwUTAdBgNVHQ4E
FgQUE5WBlom1q3A7HCdJzMGXJK4ljx4wHwYDVR0jBBgwFoAUE5WBlom1q3A7HCdJ
zMGXJK4ljx4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAf07eG
u/5ESqZNE0+iS9fOB1nThnIYQYVGKmIMqZc7owIhANaiUUMdN7tu0oeG5p9Ft5Zx
JfScE02ajDsrtiw6Gf+1
-----END CERTIFICATE-----`
}
