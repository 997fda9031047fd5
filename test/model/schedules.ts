export * from "./schedules/loads.ts";
export * from "./schedules/log.ts";
export * from "./schedules/proof.ts";
export * from "./schedules/windows.ts";
export * from "./schedules/writes.ts";
