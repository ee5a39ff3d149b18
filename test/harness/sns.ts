// Amazon SNS for tests: messages signed with a key of our own, and the certificate that stands at their address. It guards nothing.
import { createSign } from 'node:crypto';
import { signedText } from '../../mail/providers/sns.ts';

export const topic = 'arn:aws:sns:eu-central-1:123456789012:voronka-mails';
const certificateUrl =
  'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem';

/** As SNS posts it; `more` is signed with the rest. */
export function snsMessage(at: number, message: unknown, more: object = {}): Record<string, string> {
  const said = {
    Type: 'Notification' as const,
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: topic,
    Message: typeof message === 'string' ? message : JSON.stringify(message),
    Timestamp: new Date(at).toISOString(),
    SignatureVersion: '2' as '1' | '2',
    SigningCertURL: certificateUrl,
    Signature: '',
    ...more,
  };
  const kind = said.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  return { ...said, Signature: createSign(kind).update(signedText(said)).sign(snsKey, 'base64') };
}

const snsKey = `-----BEGIN PRIVATE KEY-----
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQC5whQza2acHmwU
E1ZBOcoeFEMrMxnXtr7tmcd46/G6dA+axCLbiHyAlCNEWBA+dbvjmQ87+LaEwytg
M5juwQknHFxn/rM8NwJOYEXQwZQM86rXTP0kIOXSGas0+ofyHthEvtNzR9dmZIgd
rj2E+sUO+Vl3TIWQAEd3x9YxhjarCaBI+9o1+13Jt1lgWjpsprYOkD6TB07ySbk+
/8jKSN4AgH09XEAAwrH+sA2NEmolAdkTKsQeDBDwuVcyjcxmy7PnwTg3tci6W/zf
woUrFY/TfsccOT5TaLJXJT3ayJ3vSwikFZXuaPHhJOuf7Gn9+X0uGWYQ02HjoMRe
zlbjhdZLAgMBAAECggEAA0CL5oNHjXkVrYSKMIKW1v3u+6x0nk9XSco6GeYVgyap
tW+bHfvmcP49/k2AUEN4A7N9FZxTP8ts8hUqS18mZ8/yeu7mcN0ZcbJajZiK0CdQ
/fcORniNDiJ23yMduy+90YYioQ4c/qOqI5nEouESa0uDhIdavPJJvqrtIYnqGaAX
s9guZRl7dgrz1uYjXgOJCLbhQ2lSdtMmC8kLyoj+yryGi1X3rIwhpH7FZjz1J+mB
QxK8XhNDxFk2KNo9lkiFWRMBoaNckAN5X10L6vlKLC2TRDAgtqBUGCpcTtIEVMRl
lwd4+YK4PrhFO30uMsQzt7+SPxvBeDd/TEV/+XkemQKBgQDbhrjnHWWC8WGzMAO1
o7aXOCYElPikI0gX/5HyIK+2qilUNifqT1sW/h7QfVQARRrL1Mdjct4BVf1y9jMU
EnlcMsQn7P6XPGOaTze9m82bfVVLHhydr6NrmvRB0QZdi0ydlynrmDapFcoIDQlN
gTSyJfkC3b2ghw34FA4D7CYggwKBgQDYnxIXcQ5tWfr5Uvmlpt802R7XG9+ZdR5c
R3jSNXSbAwwHFlewCwsBVw2pxV7il5XuoemJqEJC763sMPLXYKLM8VM5yB0HOvbp
PRQl3eEImlBJsmVplIpMIspkcFaHL0mPZjvW4i+N66r4y/rc2TFQ93G7jvSECrOL
OYODslV4mQKBgF2Tb/4UadEHU74uGWa0AoEzTgFl/xb4cyLHrk6n4D7dCgD7lMgs
S4fhiwEUa1oyGtoIOXYK4Ndw8Diw+dT0iwbiHPtn6p5M/6gnXHtWjq5ZHqKGk2wk
EmUsCDKGB1CYsG/8n8HtgF9TCmukIvMGwI+v4BV4r/xdlXbKFa9WWmpBAoGAXeDC
RGp4qCdgvwCYtJOXFB4sYWjxBF5fY/qNf/wupqcxZTjnk6GViWUixLqGnoi3L433
2fKTlNKuezfTZke5Bjxnpxj0i5egPgB8ZNS9m67UsLuhe5omPUyujcypkziJFp5l
vICVv1ms5NnxxBhUaRRzs6cGjNreaK3qMv7sT7ECgYBFct4F4BNZdwYVJS8R6II7
tOX3vAbwH5q5QyrN3D2aq2GQ4JhChMcQyF9HNFR8hmj6fAOC9Rwg1Bfuaqe2SCho
8l05ZhIrAbcJAwQrx/MARIc0ieE4xDQwsJcLZ8FufrhN1YwecUMTFERwxyUK0dfu
cr9sZWN6GGXwQWsCJO0n/w==
-----END PRIVATE KEY-----`;

export const snsCertificate = `-----BEGIN CERTIFICATE-----
MIIDGzCCAgOgAwIBAgIUcJI/q7b19hLDvJHTn574fbG5O7MwDQYJKoZIhvcNAQEL
BQAwHDEaMBgGA1UEAwwRc25zLmFtYXpvbmF3cy5jb20wIBcNMjYxMTIzMTkxODIz
WhgPMjEyNTA2MTcxOTE4MjNaMBwxGjAYBgNVBAMMEXNucy5hbWF6b25hd3MuY29t
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAucIUM2tmnB5sFBNWQTnK
HhRDKzMZ17a+7ZnHeOvxunQPmsQi24h8gJQjRFgQPnW745kPO/i2hMMrYDOY7sEJ
JxxcZ/6zPDcCTmBF0MGUDPOq10z9JCDl0hmrNPqH8h7YRL7Tc0fXZmSIHa49hPrF
DvlZd0yFkABHd8fWMYY2qwmgSPvaNftdybdZYFo6bKa2DpA+kwdO8km5Pv/Iykje
AIB9PVxAAMKx/rANjRJqJQHZEyrEHgwQ8LlXMo3MZsuz58E4N7XIulv838KFKxWP
037HHDk+U2iyVyU92sid70sIpBWV7mjx4STrn+xp/fl9LhlmENNh46DEXs5W44XW
SwIDAQABo1MwUTAdBgNVHQ4EFgQU4TJSFdxAxkVc3AdKCuIuG6/fn4owHwYDVR0j
BBgwFoAU4TJSFdxAxkVc3AdKCuIuG6/fn4owDwYDVR0TAQH/BAUwAwEB/zANBgkq
hkiG9w0BAQsFAAOCAQEAo1rYvKJxeo31QWVzHK7AtJjrRJluRTCG5u5nz4StK5J3
f59MHzgM3fTh0Y/wGkyO4k7omH0N/tvLkgoDKenIalzmazp4oNwl0K51JVzUAYsD
QyOywUyLdEibtdO0x5vzv2MlqQmd/Dps6Q4MfcXHYtV4t93PKYhTdY0XOb2A3JOs
NrWTqVfpBLT+1j4MkU3xWK+Gaq8977NbBXOzYV90de643Mafbp/t1gKTXPpzJtFZ
dEc6it7EEpgSVyuX5oKcVYoaZa0V4BBAQxNXP1pvZl12KlQgaU4Mbl7DFcbrNQFe
qQYv/6ZcpPAE7E/PZe6j88AiNDcpQ2yZf2cZEt+G6g==
-----END CERTIFICATE-----`;
