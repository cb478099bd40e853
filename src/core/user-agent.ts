/**
 * The name that every call out of the gateway carries. The runtime sends none by itself, and whoever
 * stands before a provider, a store of pictures or a webhook often turns nameless callers away.
 */
export const USER_AGENT = 'imagegate'
