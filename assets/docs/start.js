// The viewer's own colours are too faint to read for many people; these have enough contrast.
const STYLE = `
:root {
  --scalar-font: system-ui, sans-serif;
  --scalar-font-code: ui-monospace, monospace;
}
.light-mode {
  --scalar-color-2: #55555c;
  --scalar-color-3: #62626a;
  --scalar-color-accent: #4f3dd8;
  --scalar-color-green: #056645;
  --scalar-color-red: #b3261e;
  --scalar-color-blue: #00548c;
  --scalar-color-orange: #9a3a00;
  --scalar-color-yellow: #735800;
}
.dark-mode {
  --scalar-color-2: #b8b8bd;
  --scalar-color-3: #a6a6ad;
  --scalar-color-accent: #a79cff;
  --scalar-color-green: #5fd39b;
  --scalar-color-red: #ff8a80;
  --scalar-color-blue: #78b6ff;
  --scalar-color-orange: #ffab7a;
}`

/** Shows the gateway's own OpenAPI document; nothing is loaded from elsewhere. */
window.Scalar.createApiReference('#reference', {
  url: '/openapi.json',
  // The page may be open at another address of the gateway than PUBLIC_URL.
  servers: [{ url: window.location.origin }],
  authentication: { preferredSecurityScheme: 'clientKey' },
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  defaultOpenAllTags: true,
  orderSchemaPropertiesBy: 'preserve',
  customCss: STYLE,
})
