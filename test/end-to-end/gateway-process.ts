/** The local gateway as a process that can be killed: `node gateway-process.ts <sandbox> <data> <port>`. */
import { startGateway } from '../../local/gateway.ts'

const [sandboxOrigin = '', dataFolder = '', port = '0'] = process.argv.slice(2)
const { url, adminToken } = await startGateway(sandboxOrigin, dataFolder, Number(port))
console.log(JSON.stringify({ url, adminToken }))
