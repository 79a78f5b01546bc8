export { defaultDataDir } from "./dataFolder.js";
export { hasDesktop, openBrowser } from "./desktop.js";
export { ServerError } from "./serverError.js";
export { startServer, type RunningServer, type ServerOptions } from "./startServer.js";
