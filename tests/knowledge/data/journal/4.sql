BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'journal','1','2026-03-01 12:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'journal','2','2026-03-02 12:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'journal','3','2026-03-03 12:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'journal','4','2026-03-04 12:00:00.000000+00:00');
CREATE TABLE "audit" (
   "id" INTEGER PRIMARY KEY,
   "at" TEXT,
   "who" TEXT,
   "deed" TEXT,
   "generation" INTEGER,
   "about" TEXT,
   "reason" TEXT
);
INSERT INTO "audit" VALUES(1,'2026-03-01T12:00:00.000+00:00','300000000000000001','published',7,'4 documents','');
CREATE TABLE "declined" (
   "id" INTEGER PRIMARY KEY,
   "person" TEXT,
   "question" TEXT,
   "reason" TEXT,
   "near" TEXT,
   "generation" INTEGER,
   "first" TEXT,
   "at" TEXT
, "meaning" BLOB, "model" TEXT);
INSERT INTO "declined" VALUES(1,'300000000000000001','Who pays for lunch?','nothing about this in the knowledge base','What does a day look like?',7,'2026-03-01T12:00:00.000+00:00','2026-03-01T12:00:00.000+00:00',X'003C0000','a model');
CREATE TABLE "digests" (
   "until" TEXT PRIMARY KEY,
   "since" TEXT,
   "begun" TEXT,
   "posted" TEXT
);
INSERT INTO "digests" VALUES('2026-03-02T09:00:00.000+00:00','2026-02-23T09:00:00.000+00:00','2026-03-01T12:00:00.000+00:00','2026-03-01T12:00:00.000+00:00');
CREATE TABLE "feedback" (
   "id" INTEGER PRIMARY KEY,
   "person" TEXT,
   "key" TEXT,
   "helpful" INTEGER,
   "generation" INTEGER,
   "passages" TEXT,
   "at" TEXT
);
INSERT INTO "feedback" VALUES(1,'300000000000000001','AAAAAAAAAAA',1,7,'["guide:1"]','2026-03-01T12:00:00.000+00:00');
CREATE TABLE "kept" (
   "id" INTEGER PRIMARY KEY,
   "key" TEXT,
   "at" TEXT,
   "reply" TEXT
);
INSERT INTO "kept" VALUES(1,'AAAAAAAAAAA','2026-03-01T12:00:00.000+00:00','{"parts":[{"question":"","quotes":[{"text":"They write code.","passage":"guide:1","start":10,"end":26,"source":{"document":"guide","title":"The Guide","headings":["Work","Tools"],"origin":{"author":"A. Writer","date":null,"site":null,"link":null,"restates":true}}}],"notes":["A note."],"confidence":{"word":"medium","reason":"one document says so"},"related":[],"generation":7,"leads":[],"heading":""},{"question":"","refusal":"a source has the heading but nothing under it","sentence":"I don''t know.","related":["What do they earn?"],"generation":7,"heading":"Not answered"}],"generation":7}');
CREATE TABLE "marks" (
   "anchor" TEXT PRIMARY KEY,
   "state" TEXT,
   "at" TEXT
);
INSERT INTO "marks" VALUES('AAAAAAAAAAAA','answered','2026-03-01T12:00:00.000+00:00');
CREATE TABLE "pending" (
   "interaction" TEXT PRIMARY KEY,
   "application" TEXT,
   "token" TEXT,
   "at" TEXT
);
INSERT INTO "pending" VALUES('1','200','token of 1','2026-03-01T12:00:00.000+00:00');
CREATE TABLE "pending_messages" (
   "message" TEXT PRIMARY KEY,
   "channel" TEXT,
   "at" TEXT
);
INSERT INTO "pending_messages" VALUES('600','500','2026-03-01T12:00:00.000+00:00');
CREATE TABLE "tallies" (
   "day" TEXT,
   "generation" INTEGER,
   "entry" TEXT,
   "asked" INTEGER,
   "answered" INTEGER,
   "partly" INTEGER,
   "declined" INTEGER,
   "failed" INTEGER,
   "disagreed" INTEGER,
   PRIMARY KEY ("day", "generation", "entry")
);
INSERT INTO "tallies" VALUES('2026-03-01',7,'slash',5,2,1,1,1,0);
CREATE TABLE "told" (
   "id" INTEGER PRIMARY KEY,
   "person" TEXT,
   "question" TEXT,
   "reason" TEXT,
   "key" TEXT,
   "generation" INTEGER,
   "passages" TEXT,
   "at" TEXT
, "meaning" BLOB, "model" TEXT);
INSERT INTO "told" VALUES(1,'300000000000000001','What does it pay?','nothing',NULL,7,'["guide:1"]','2026-03-01T12:00:00.000+00:00',X'0000003C','a model');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX "idx_kept_key"
    ON "kept" ("key");
CREATE INDEX "idx_kept_at"
    ON "kept" ("at");
CREATE UNIQUE INDEX "idx_feedback_person_key"
    ON "feedback" ("person", "key");
CREATE INDEX "idx_told_person"
    ON "told" ("person");
CREATE INDEX "idx_audit_who"
    ON "audit" ("who");
CREATE UNIQUE INDEX "idx_declined_person_question"
    ON "declined" ("person", "question");
CREATE INDEX "idx_declined_at"
    ON "declined" ("at");
COMMIT;
