-- CreateTable
CREATE TABLE "ProgressEvent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "jobId" INTEGER NOT NULL,
    "record" JSONB NOT NULL
);
