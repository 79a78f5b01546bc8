import type { ErrorEntry } from "./errorEntry.js";

/** Every error code that is thrown anywhere, by the part of Patchbay that throws it. A test compares the list with the sources. */
export const errorCodes = {
  // Graphs and graph files
  GRAPH_TOO_LARGE: {
    meaning: "A graph has more bytes, nodes, links or values than the limits allow.",
    remedy: "Split the graph, or take out what is not used.",
    exitCode: 2,
  },
  GRAPH_TOO_DEEP: {
    meaning: "Something is nested deeper than the limits allow.",
    remedy: "Flatten it; no real graph nests hundreds of levels.",
    exitCode: 2,
  },
  GRAPH_TEXT_INVALID: {
    meaning: "The bytes are not UTF-8 text.",
    remedy: "Save the graph as JSON in UTF-8, or give a PNG that carries one.",
    exitCode: 2,
  },
  GRAPH_JSON_SYNTAX: { meaning: "The text is not JSON.", remedy: "Mend it at the line and column that the message names.", exitCode: 2 },
  GRAPH_JSON_NUMBER: { meaning: "A number that JSON or a double cannot hold.", remedy: "Use a finite number within range.", exitCode: 2 },
  GRAPH_JSON_UNSERIALIZABLE: {
    meaning: "A value that JSON has no form for.",
    remedy: "Use texts, finite numbers, true, false, null, lists and objects.",
    exitCode: 2,
  },
  GRAPH_FORMAT_UNKNOWN: {
    meaning: "JSON that is no graph in any known format.",
    remedy: "Give a Patchbay document, an API prompt, a UI workflow or a PNG that carries one.",
    exitCode: 2,
  },
  GRAPH_DOCUMENT_INVALID: {
    meaning: "A Patchbay document whose structure breaks its schema.",
    remedy: "Mend the path that the message names.",
    exitCode: 2,
  },
  GRAPH_DOCUMENT_TOO_NEW: { meaning: "A Patchbay document of a later version.", remedy: "Update Patchbay.", exitCode: 2 },
  GRAPH_PROMPT_INVALID: {
    meaning: "An API prompt whose structure is broken.",
    remedy: "Export it again, or mend the path that the message names.",
    exitCode: 2,
  },
  GRAPH_WORKFLOW_INVALID: {
    meaning: "A UI workflow whose structure is broken.",
    remedy: "Export it again, or mend the path that the message names.",
    exitCode: 2,
  },
  GRAPH_INVALID: {
    meaning: "Several things are wrong with a graph.",
    remedy: "Mend each of the problems that the answer lists.",
    exitCode: 2,
  },
  GRAPH_SUBGRAPH_RECURSION: { meaning: "A subgraph that contains itself.", remedy: "Take the inner instance out.", exitCode: 2 },
  GRAPH_NODE_UNKNOWN: {
    meaning: "A node of a type that is not there.",
    remedy: "Take it out, or use another; `patchbay nodes` lists those there are.",
    exitCode: 2,
  },
  GRAPH_INPUT_MISSING: {
    meaning: "A required input without a value or a link.",
    remedy: "Give it a value, or link an output to it.",
    exitCode: 2,
  },
  GRAPH_LINK_INVALID: {
    meaning: "A link from a node or an output that is not there.",
    remedy: "Link an output that is there.",
    exitCode: 2,
  },
  GRAPH_LINK_TYPE: {
    meaning: "A link that brings another type than its input takes.",
    remedy: "Link an output of the type that the message names.",
    exitCode: 2,
  },
  GRAPH_VALUE_TYPE: {
    meaning: "A value of another type than its input takes.",
    remedy: "Give a value of the type that the message names.",
    exitCode: 2,
  },
  GRAPH_VALUE_TOO_SMALL: { meaning: "A number below the least that its input takes.", remedy: "Use a larger number.", exitCode: 2 },
  GRAPH_VALUE_TOO_LARGE: { meaning: "A number above the largest that its input takes.", remedy: "Use a smaller number.", exitCode: 2 },
  GRAPH_VALUE_NOT_AN_OPTION: { meaning: "A value that is not among its input's options.", remedy: "Use one of the options.", exitCode: 2 },
  GRAPH_NO_OUTPUT: {
    meaning: "A graph in which nothing saves or shows a result.",
    remedy: "Add a node such as SaveImage or PreviewImage.",
    exitCode: 2,
  },
  GRAPH_CYCLE: { meaning: "Links that run in a circle.", remedy: "Take one of the links out.", exitCode: 2 },
  GRAPH_SET_SYNTAX: { meaning: "An override that is not NODE.INPUT=VALUE.", remedy: "Write it as KSampler.steps=30.", exitCode: 2 },
  GRAPH_SET_NODE_UNKNOWN: {
    meaning: "An override that names no node of the graph.",
    remedy: "Name a node by its id, title or type.",
    exitCode: 2,
  },
  GRAPH_SET_NODE_AMBIGUOUS: { meaning: "An override whose node name fits several nodes.", remedy: "Name the node by its id.", exitCode: 2 },
  GRAPH_SET_INPUT_UNKNOWN: {
    meaning: "An override of an input that the node does not have.",
    remedy: "Use an input that the message names.",
    exitCode: 2,
  },
  GRAPH_SEED_RANGE: { meaning: "A seed outside 0 to 2^64-1.", remedy: "Use a seed within the range.", exitCode: 2 },
  GRAPH_PNG_INVALID: {
    meaning: "A file that begins like a PNG and breaks its structure.",
    remedy: "Get the picture again; it may be cut short.",
    exitCode: 2,
  },
  GRAPH_PNG_NO_GRAPH: { meaning: "A PNG that carries no graph.", remedy: "Use a picture that was saved with its metadata.", exitCode: 2 },
  GRAPH_DEFLATE_INVALID: {
    meaning: "Compressed text in a PNG that is not a zlib stream.",
    remedy: "Get the picture again; it may be damaged.",
    exitCode: 2,
  },
  // Nodes and their inputs
  NODE_INPUT_MISSING: {
    meaning: "A node ran without a value for an input it needs.",
    remedy: "Give a value, or link an output to it.",
    exitCode: 1,
  },
  NODE_INPUT_TYPE: {
    meaning: "A value of the wrong type came to an input.",
    remedy: "Link an output of the right type, or give such a value.",
    exitCode: 1,
  },
  NODE_INPUT_RANGE: {
    meaning: "A number outside an input's range.",
    remedy: "Use a number within the range that the message names.",
    exitCode: 1,
  },
  NODE_INPUT_CHOICE: {
    meaning: "A value that is none of an input's choices.",
    remedy: "Use one of the choices that the message names.",
    exitCode: 1,
  },
  NODE_TOO_LARGE: {
    meaning: "A node was asked for a result that cannot fit in memory.",
    remedy: "Ask for smaller sizes or a smaller batch, or raise the memory limit.",
    exitCode: 1,
  },
  NODE_IMAGE_CHANNELS: {
    meaning: "A picture without the channels that a node needs, or with more than can be saved.",
    remedy: "Give pictures with the channels that the message names.",
    exitCode: 1,
  },
  NODE_CONDITIONING_WIDTH: {
    meaning: "Prompts of different widths were joined.",
    remedy: "Encode both with text encoders of one kind.",
    exitCode: 1,
  },
  NODE_SIZES_DIFFER: {
    meaning: "Values of sizes that cannot be put together.",
    remedy: "Give values of the same sizes, or resize one of them before.",
    exitCode: 1,
  },
  NODE_PATTERN: {
    meaning: "A regular expression, or a replacement for what it finds, that cannot be read.",
    remedy: "Write it in Python's syntax, without what the message names.",
    exitCode: 1,
  },
  NODE_MASK_BATCH: { meaning: "A prompt was limited to several masks.", remedy: "Use one mask.", exitCode: 1 },
  NODE_FAILED: {
    meaning: "A node failed in a way that has no code of its own.",
    remedy: "Report it with the graph: it is a fault of Patchbay.",
    exitCode: 1,
  },
  // Files that graphs name
  FILE_NOT_FOUND: {
    meaning: "A file that a graph names is not there.",
    remedy: "Put it into the folder that the message names, or choose another.",
    exitCode: 1,
  },
  FILE_OUTSIDE: { meaning: "A name that leads out of the folder it belongs to.", remedy: "Name a file within the folder.", exitCode: 1 },
  FILE_NAME: { meaning: "A name that no file can have.", remedy: "Use a short name without control characters.", exitCode: 1 },
  FILE_WRITE: {
    meaning: "A file could not be written.",
    remedy: "Look whether the folder exists, may be written to and has room.",
    exitCode: 1,
  },
  FILE_IMAGE_INVALID: { meaning: "A file is no picture that can be read.", remedy: "Give a whole PNG, JPEG, WebP or GIF.", exitCode: 1 },
  FILE_IMAGE_TOO_LARGE: { meaning: "A picture has more pixels or bytes than are read.", remedy: "Make it smaller.", exitCode: 1 },
  FILE_LATENT_INVALID: { meaning: "A file holds no latents.", remedy: "Give a .latent file that Save Latent wrote.", exitCode: 1 },
  // Models
  MODEL_UNKNOWN: {
    meaning: "A file that is no model of a known kind.",
    remedy: "Give a model of a supported family; `patchbay inspect` tells what a file is.",
    exitCode: 1,
  },
  MODEL_UNSUPPORTED: {
    meaning: "A model of a known family in a form that is not supported.",
    remedy: "Use the usual form of this model.",
    exitCode: 1,
  },
  MODEL_LAYOUT: {
    meaning: "A model's tensors do not fit together.",
    remedy: "Get the file again, or another form of the model.",
    exitCode: 1,
  },
  MODEL_LAYER: { meaning: "A layer of a text encoder that its file leaves out.", remedy: "Use a layer the file holds.", exitCode: 1 },
  MODEL_LORA: {
    meaning: "A file that is no LoRA that can be read.",
    remedy: "Give a LoRA in the format of kohya, diffusers or PEFT.",
    exitCode: 1,
  },
  MODEL_PROMPT: { meaning: "A prompt that is too long or nested too deeply.", remedy: "Shorten it.", exitCode: 1 },
  MODEL_CONDITIONING: {
    meaning: "A conditioning that does not fit the model.",
    remedy: "Encode the prompt with the text encoder of the same model.",
    exitCode: 1,
  },
  MODEL_LATENT_SHAPE: { meaning: "Latents of a shape the model cannot use.", remedy: "Use latents made for this model.", exitCode: 1 },
  MODEL_IMAGE_SHAPE: {
    meaning: "Pictures of a shape the autoencoder cannot use.",
    remedy: "Use RGB pictures of at least 8×8.",
    exitCode: 1,
  },
  MODEL_NOISE_MASK: { meaning: "A noise mask whose sizes do not fit its values.", remedy: "Make the mask anew.", exitCode: 1 },
  MODEL_BATCH_INDEX: { meaning: "A place in a batch that is no small whole number.", remedy: "Use places from 0.", exitCode: 1 },
  MODEL_RESAMPLE: {
    meaning: "Sizes or a method that nothing can be resized with.",
    remedy: "Use whole sizes above 0 and a method of the list.",
    exitCode: 1,
  },
  MODEL_SAMPLING: { meaning: "Numbers that make no noise schedule.", remedy: "Use the model's own settings.", exitCode: 1 },
  MODEL_STEPS: {
    meaning: "A number of steps that cannot be run.",
    remedy: "Use 1 to 10000 whole steps and a larger denoise.",
    exitCode: 1,
  },
  MODEL_SEED_RANGE: { meaning: "A seed outside 0 to 2^64-1.", remedy: "Use a seed within the range.", exitCode: 1 },
  MODEL_SEED_OVERFLOW: {
    meaning: "The largest seed with a sampler that draws noise from the next one.",
    remedy: "Use a smaller seed.",
    exitCode: 1,
  },
  MODEL_UNKNOWN_SAMPLER: { meaning: "A sampler that does not exist here.", remedy: "Use one of the list.", exitCode: 1 },
  MODEL_UNKNOWN_SCHEDULER: { meaning: "A scheduler that does not exist here.", remedy: "Use one of the list.", exitCode: 1 },
  MODEL_NO_UNCONDITIONAL: {
    meaning: "A sampler needs an unconditional prediction that the model does not give.",
    remedy: "Use a sampler without _cfg_pp.",
    exitCode: 1,
  },
  // Weight files
  WEIGHTS_FILE: { meaning: "A model file could not be opened or read.", remedy: "Look whether it is there and may be read.", exitCode: 1 },
  WEIGHTS_FORMAT: { meaning: "A model file in a format that is not loaded.", remedy: "Convert it to safetensors.", exitCode: 1 },
  WEIGHTS_HEADER: { meaning: "A safetensors file whose header is broken or cut short.", remedy: "Get the file again.", exitCode: 1 },
  WEIGHTS_BOUNDS: {
    meaning: "A tensor that does not lie within its file as it claims.",
    remedy: "Get the file again; it may be cut short.",
    exitCode: 1,
  },
  WEIGHTS_DTYPE: { meaning: "A tensor of a type that cannot be read.", remedy: "Use a file in F32, F16, BF16 or fp8.", exitCode: 1 },
  WEIGHTS_INDEX: {
    meaning: "The parts of a sharded model do not fit together.",
    remedy: "Get the index and all its parts again.",
    exitCode: 1,
  },
  WEIGHTS_MISSING: {
    meaning: "A tensor that the model needs is not in the file.",
    remedy: "Get the whole model; `patchbay inspect` shows what the file holds.",
    exitCode: 1,
  },
  // The engine
  ENGINE_CANCELLED: { meaning: "The run was cancelled.", remedy: "Nothing: run it again when you like.", exitCode: 130 },
  ENGINE_MEMORY: {
    meaning: "A run needs more memory than there is or than the limit allows.",
    remedy: "Use smaller sizes or a smaller batch, or raise the limit.",
    exitCode: 1,
  },
  ENGINE_NOT_BUILT: { meaning: "The native engine is not there.", remedy: "Run `npm run build`.", exitCode: 1 },
  ENGINE_ISA: {
    meaning: "An instruction set that this machine lacks.",
    remedy: "Unset PATCHBAY_ISA, or set one the machine has.",
    exitCode: 1,
  },
  ENGINE_FILE: { meaning: "A weight file could not be mapped.", remedy: "Look whether it is there and may be read.", exitCode: 1 },
  ENGINE_BOUNDS: { meaning: "A weight that leaves its file.", remedy: "Get the file again; it may have changed.", exitCode: 1 },
  ENGINE_DISPOSED: {
    meaning: "Weights were used after they were freed.",
    remedy: "Report it with the graph: it is a fault of Patchbay.",
    exitCode: 1,
  },
  ENGINE_SHAPE: {
    meaning: "Tensors whose shapes do not fit an operation.",
    remedy: "Look whether the model's parts belong together.",
    exitCode: 1,
  },
  ENGINE_INPUT: {
    meaning: "An input that does not fit a network.",
    remedy: "Look whether the model's parts belong together.",
    exitCode: 1,
  },
  ENGINE_GRAPH: {
    meaning: "A network that is not a valid program.",
    remedy: "Report it with the graph: it is a fault of Patchbay.",
    exitCode: 1,
  },
  ENGINE_PLAN: {
    meaning: "A plan that the native engine refuses.",
    remedy: "Report it with the graph: it is a fault of Patchbay.",
    exitCode: 1,
  },
  ENGINE_ARGUMENT: {
    meaning: "A value the native engine cannot take.",
    remedy: "Use a value of the range that the message names.",
    exitCode: 1,
  },
  ENGINE_INTERNAL: {
    meaning: "The native engine failed in a way that has no code of its own.",
    remedy: "Report it with the graph: it is a fault of Patchbay.",
    exitCode: 1,
  },
  // Jobs and the server that runs them
  JOB_UNKNOWN: { meaning: "A job that is not there.", remedy: "Look into the list of jobs.", exitCode: 1 },
  JOB_PRUNED: { meaning: "A job that ended long ago and was removed.", remedy: "Run its graph again.", exitCode: 1 },
  JOB_KEY_REUSED: {
    meaning: "An Idempotency-Key that was used for another job.",
    remedy: "Use a new key for each job.",
    exitCode: 2,
  },
  JOB_QUEUE_FULL: { meaning: "More jobs wait than may.", remedy: "Post the job again later, or clear the queue.", exitCode: 1 },
  JOB_QUARANTINED: {
    meaning: "A job that ended two worker processes and is not tried again.",
    remedy: "Look at the cause in the message; leave out the node that it names, or use smaller sizes.",
    exitCode: 1,
  },
  WORKER_NOT_READY: {
    meaning: "No worker process is ready yet.",
    remedy: "Try again shortly; if it stays so, the server's log says why.",
    exitCode: 1,
  },
  WORKER_FAULT: {
    meaning: "A worker process met an error that it has no answer to, and ended.",
    remedy: "Report it with the message: it is a fault of Patchbay.",
    exitCode: 1,
  },
  ACCESS_HOST: {
    meaning: "The server was spoken to under a name that is not its own.",
    remedy: "Use the URL that the server printed.",
    exitCode: 1,
  },
  ACCESS_ORIGIN: { meaning: "A page of another site tried to use the server.", remedy: "Use the server's own page.", exitCode: 1 },
  ACCESS_TOKEN: {
    meaning: "A request without the server's token.",
    remedy: "Open the URL that the server printed, or send the token as a bearer token.",
    exitCode: 1,
  },
  HTTP_REQUEST: { meaning: "A request that could not be understood.", remedy: "Mend what the message names.", exitCode: 2 },
  HTTP_BODY_TOO_LARGE: { meaning: "A request with more bytes than are taken.", remedy: "Send less.", exitCode: 2 },
  HTTP_MEDIA_TYPE: {
    meaning: "A request with a body in a form that is not taken.",
    remedy: "Send JSON as application/json, uncompressed.",
    exitCode: 2,
  },
  HTTP_NOT_FOUND: { meaning: "Nothing is at the URL.", remedy: "Use a route of the server's interface.", exitCode: 1 },
  HTTP_METHOD: { meaning: "A URL that is not used with that method.", remedy: "Use the method that the interface states.", exitCode: 2 },
  SOCKET_MESSAGE: { meaning: "A message on the socket that is not known.", remedy: "Send what packages/protocol defines.", exitCode: 2 },
  SOCKET_RESUME: {
    meaning: "Events of a job were asked for after one that it does not have.",
    remedy: "Fetch the job, and resume from its last event.",
    exitCode: 1,
  },
  SOCKET_FULL: { meaning: "Too many clients are connected.", remedy: "Close pages that are not needed.", exitCode: 1 },
  BLOB_UNKNOWN: { meaning: "Content that is not there.", remedy: "Run the job again: old previews are removed in time.", exitCode: 1 },
  RESULT_UNKNOWN: { meaning: "A picture that the gallery does not have.", remedy: "Fetch the list again.", exitCode: 1 },
  RESULT_NO_DESKTOP: {
    meaning: "A file was to be shown on a machine without a desktop session.",
    remedy: "Look for the file that the message names.",
    exitCode: 1,
  },
  UPLOAD_TYPE: {
    meaning: "An upload that is no picture.",
    remedy: "Upload a PNG, JPEG, WebP or GIF.",
    exitCode: 2,
  },
  UPLOAD_NAME: { meaning: "An upload without a name that it can have.", remedy: "Give another name.", exitCode: 2 },
  SERVER_PORT_IN_USE: { meaning: "Another program has the port.", remedy: "Use another --port.", exitCode: 1 },
  SERVER_DATA_IN_USE: {
    meaning: "Another server has the data folder.",
    remedy: "Use that server, or name another folder with --data.",
    exitCode: 1,
  },
  SERVER_REMOTE_HOST: {
    meaning: "An address that other machines reach, without the word that allows it.",
    remedy: "Leave --host out, or add --insecure-remote.",
    exitCode: 2,
  },
  SERVER_DISK_FULL: { meaning: "The disk has too little room for another job.", remedy: "Make room on the disk.", exitCode: 1 },
  SERVER_STOPPING: { meaning: "The server is being stopped or started.", remedy: "Try again when it has started.", exitCode: 1 },
  SERVER_UNREACHABLE: {
    meaning: "The studio gets no answer from its server.",
    remedy: "Look whether the server still runs; start it again.",
    exitCode: 1,
  },
  SERVER_ANSWER: {
    meaning: "The studio got an answer that does not come from its server.",
    remedy: "Look whether something stands between the browser and the server; reload the page.",
    exitCode: 1,
  },
  SERVER_INTERNAL: {
    meaning: "The server failed in a way that has no code of its own.",
    remedy: "Report it with the server's log: it is a fault of Patchbay.",
    exitCode: 1,
  },
  // The studio
  EDITOR_ID_UNKNOWN: {
    meaning: "A change of something that the graph does not have.",
    remedy: "Report it with what was done: it is a fault of the studio.",
    exitCode: 1,
  },
  EDITOR_ID_TAKEN: {
    meaning: "Something added under an id that the graph already uses.",
    remedy: "Report it with what was done: it is a fault of the studio.",
    exitCode: 1,
  },
  EDITOR_NODE_TYPE_UNKNOWN: {
    meaning: "A card added of a kind that is neither in the catalog nor a subgraph of the graph.",
    remedy: "Choose one that the search offers.",
    exitCode: 1,
  },
  EDITOR_CONNECTION_INVALID: {
    meaning: "A wire between ports that do not fit, are not there, or would close a circle.",
    remedy: "Connect what the message says fits.",
    exitCode: 1,
  },
  EDITOR_VALUE_INVALID: { meaning: "A value that its field cannot hold.", remedy: "Give a value of the field's kind.", exitCode: 1 },
  EDITOR_CLIPBOARD_INVALID: {
    meaning: "Pasted text that holds no cards in any known format.",
    remedy: "Copy cards of a graph, or a whole graph's JSON.",
    exitCode: 1,
  },
  EDITOR_DRAFT_NOT_SAVED: {
    meaning: "The browser did not store what was edited.",
    remedy: "Save the graph as a file; look whether the browser has room. It is tried again by itself.",
    exitCode: 1,
  },
  EDITOR_DRAFTS_UNAVAILABLE: {
    meaning: "The browser's database of drafts cannot be opened or read.",
    remedy: "Allow the page to store data; save graphs as files until then.",
    exitCode: 1,
  },
  // The terminal
  CLI_ARGUMENT: {
    meaning: "An argument of the command line that is not valid.",
    remedy: "Use what the message says; `patchbay --help` explains all of them.",
    exitCode: 2,
  },
  CLI_FILE: {
    meaning: "A file named on the command line that could not be read or written.",
    remedy: "Look whether it is there and may be read, or written.",
    exitCode: 2,
  },
  CLI_INTERNAL: {
    meaning: "The command failed in a way that has no code of its own.",
    remedy: "Report it with the command: it is a fault of Patchbay.",
    exitCode: 1,
  },
  CLI_MODEL_PATHS: {
    meaning: "A file of model paths that cannot be read.",
    remedy: "Write it as ComfyUI's extra_model_paths.yaml.",
    exitCode: 2,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

export type ErrorCode = keyof typeof errorCodes;

/** What the registry says of a code; undefined for what is none. */
export function errorEntry(code: string): ErrorEntry | undefined {
  return Object.hasOwn(errorCodes, code) ? errorCodes[code as ErrorCode] : undefined;
}
