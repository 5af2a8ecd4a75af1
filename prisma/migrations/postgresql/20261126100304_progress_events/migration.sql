-- CreateTable
CREATE TABLE "ProgressEvent" (
    "id" SERIAL NOT NULL,
    "jobId" INTEGER NOT NULL,
    "record" JSONB NOT NULL,

    CONSTRAINT "ProgressEvent_pkey" PRIMARY KEY ("id")
);
