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
  customCss:
    ':root { --scalar-font: system-ui, sans-serif; --scalar-font-code: ui-monospace, monospace }',
})
