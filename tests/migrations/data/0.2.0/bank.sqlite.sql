BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002_from_0001');
CREATE TABLE checkpoints (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, epoch VARCHAR(36) DEFAULT '' NOT NULL, event_id CHAR(32), projections_version INTEGER DEFAULT '1' NOT NULL, 
	PRIMARY KEY (source)
);
CREATE TABLE command_ids (
	id CHAR(32) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE dropped_events (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	partition_key VARCHAR(120) NOT NULL, 
	error TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	dropped_by VARCHAR(60) NOT NULL, 
	dropped_at DATETIME NOT NULL, 
	PRIMARY KEY (source, position)
);
CREATE TABLE event_types (
	type VARCHAR(60) NOT NULL, 
	schema_version INTEGER NOT NULL, 
	"after" BIGINT NOT NULL, 
	PRIMARY KEY (type, schema_version)
);
INSERT INTO "event_types" VALUES('BankNoticeReceived',1,0);
INSERT INTO "event_types" VALUES('BankNoticeRefused',1,0);
CREATE TABLE events (
	position BIGINT NOT NULL, 
	stream VARCHAR(120) NOT NULL, 
	version INTEGER NOT NULL, 
	event_id CHAR(32) NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	data TEXT NOT NULL, 
	metadata TEXT NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	PRIMARY KEY (position), 
	CONSTRAINT one_version_once UNIQUE (stream, version), 
	CONSTRAINT one_cause_once UNIQUE (stream, event_id)
);
INSERT INTO "events" VALUES(1,'notice/msg_37f2c564abe3466ea2337bc2882acf77',1,'cf73309fabe85527ab1ed6f7e7e02d55','BankNoticeReceived','{"notice_id":"msg_37f2c564abe3466ea2337bc2882acf77","authority":"S0810f122404044cba41a15c3ae1dc352df9","body_digest":"90636abfc390bcd3337eea17c254abef41ea13c2fd6a8e6001682f9759cbc987","received_at":"2026-11-28T23:46:46.696529Z"}','{"correlation_id":"63d2e86a-4854-461c-91c3-3e31820196fa","causation_id":"63d2e86a-4854-461c-91c3-3e31820196fa","actor":"program:bank","traceparent":""}','2026-11-28 23:46:46.697122');
CREATE TABLE former_epochs (
	number INTEGER NOT NULL, 
	epoch VARCHAR(36) NOT NULL, 
	began_at BIGINT NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE late_events (
	version INTEGER NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (version, source, position)
);
CREATE TABLE log_head (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, epoch VARCHAR(36) DEFAULT '' NOT NULL, epoch_began_at BIGINT DEFAULT '0' NOT NULL, projections_version INTEGER DEFAULT '1' NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "log_head" VALUES(1,1,'5ff23676-bc37-4453-b192-998f4e965958',0,1);
CREATE TABLE orphaned_events (
	position BIGINT NOT NULL, 
	stream VARCHAR(120) NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	correlation_id CHAR(32) NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	cause CHAR(32) NOT NULL, 
	found_by VARCHAR(60) NOT NULL, 
	found_at DATETIME NOT NULL, 
	settled_by VARCHAR(60) DEFAULT '' NOT NULL, 
	settled_at DATETIME, 
	reason TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (position)
);
CREATE TABLE parked_events (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	partition_key VARCHAR(120) NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	error TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (source, position)
);
CREATE TABLE projection_versions (
	version INTEGER NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (version, source)
);
INSERT INTO "projection_versions" VALUES(1,'bank',0,'0000000000000000000000000000000000000000000000000000000000000000');
CREATE TABLE reads (
	member VARCHAR(12) NOT NULL, 
	at DATETIME NOT NULL, 
	officer VARCHAR(40) NOT NULL, 
	message VARCHAR(40) NOT NULL, 
	year INTEGER NOT NULL, 
	roles VARCHAR(60) NOT NULL, 
	PRIMARY KEY (member, at, officer, message, year)
);
INSERT INTO "reads" VALUES('','2026-11-28 23:40:00.000000','admin','ReadEvents',0,'admin');
CREATE TABLE reconciliations (
	source VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(60) NOT NULL, 
	from_position BIGINT NOT NULL, 
	from_epoch VARCHAR(36) NOT NULL, 
	to_position BIGINT NOT NULL, 
	to_epoch VARCHAR(36) NOT NULL, 
	PRIMARY KEY (source, at)
);
CREATE TABLE relay_cursor (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "relay_cursor" VALUES(1,1,'045c3d1b7646400ca39180f654b9b21d33e14428f5d7b59471b5b881c989fa42');
CREATE TABLE sandbox_faults (
	name VARCHAR(30) NOT NULL, 
	value INTEGER NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE sandbox_sales (
	order_id BIGINT NOT NULL, 
	ref VARCHAR(21) NOT NULL, 
	reference BIGINT NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	callback_url TEXT NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	created_at DATETIME NOT NULL, 
	paid_at DATETIME, 
	PRIMARY KEY (order_id), 
	UNIQUE (ref)
);
CREATE TABLE sandbox_session_faults (
	authority VARCHAR(36) NOT NULL, 
	name VARCHAR(30) NOT NULL, 
	value INTEGER NOT NULL, 
	PRIMARY KEY (authority, name)
);
CREATE TABLE sandbox_sessions (
	number INTEGER NOT NULL, 
	authority VARCHAR(36) NOT NULL, 
	merchant_id VARCHAR(36) NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	description TEXT NOT NULL, 
	callback_url TEXT NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	created_at DATETIME NOT NULL, 
	paid_at DATETIME, 
	PRIMARY KEY (number), 
	UNIQUE (authority)
);
INSERT INTO "sandbox_sessions" VALUES(1,'S0810f122404044cba41a15c3ae1dc352df9','11111111-2222-4333-8444-555555555555',9000000,'حق عضویت سال ۱۴۰۵','http://127.0.0.1:14919/payment/return?attempt=f4e684ec-0441-48ec-a28a-202f73e43035','VERIFIED','2026-11-28 23:46:45.638873','2026-11-28 23:46:45.747142');
CREATE TABLE seals (
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	signature VARCHAR(88) NOT NULL, 
	PRIMARY KEY (position)
);
INSERT INTO "seals" VALUES(1,'045c3d1b7646400ca39180f654b9b21d33e14428f5d7b59471b5b881c989fa42','JOUe6D4KNbkqCCOXMenOVZCfjJ02JrKUZky7loNPe7BT/AXjVy0VZTAxOoBhTrPnoy6QJK4ByFSRht9aSt4qAg==');
CREATE TABLE timers (
	kind VARCHAR(20) NOT NULL, 
	"key" VARCHAR(60) NOT NULL, 
	owner VARCHAR(20) NOT NULL, 
	payload TEXT NOT NULL, 
	due_at DATETIME NOT NULL, 
	tries INTEGER NOT NULL, 
	PRIMARY KEY (kind, "key")
);
CREATE TABLE unknown_events (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	schema_version INTEGER NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (source, position)
);
CREATE INDEX parked_partitions ON parked_events (source, partition_key, position);
CREATE INDEX reads_of_officer ON reads (officer, at);
CREATE INDEX timers_due ON timers (kind, owner, due_at);
CREATE TRIGGER facts_stay_UPDATE BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE TRIGGER facts_stay_DELETE BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
COMMIT;
