// Apart from the worker, so that a command that only reports an error needn't load what runs graphs.
export { errorEntry, type ErrorEntry } from "@patchbay/protocol";
