// Apart from the worker, so that a command can refuse an argument before it loads what runs graphs.
export { precisions, type Precision } from "@patchbay/protocol";
