BEGIN TRANSACTION;
CREATE TABLE checkpoints (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
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
INSERT INTO "events" VALUES(1,'notice/msg_aa6873be5ec4450484ca6fda77e76b09',1,'ba53d7588c635638a58d9a63a6b6e2c7','BankNoticeReceived','{"notice_id":"msg_aa6873be5ec4450484ca6fda77e76b09","authority":"S03b51e51916adc5004096618f13741f50a2","body_digest":"8df19fea3a511cb99da51b71729fb671891867363909ea241198542aa25df670","received_at":"2026-11-28T17:16:39.392222Z"}','{"correlation_id":"3aa57221-8183-406b-8620-871065564479","causation_id":"3aa57221-8183-406b-8620-871065564479","actor":"program:bank","traceparent":""}','2026-11-28 17:16:39.401708');
CREATE TABLE log_head (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "log_head" VALUES(1,1);
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
CREATE TABLE reads (
	member VARCHAR(12) NOT NULL, 
	at DATETIME NOT NULL, 
	officer VARCHAR(40) NOT NULL, 
	message VARCHAR(40) NOT NULL, 
	year INTEGER NOT NULL, 
	roles VARCHAR(60) NOT NULL, 
	PRIMARY KEY (member, at, officer, message, year)
);
INSERT INTO "reads" VALUES('','2026-11-28 17:10:00.000000','admin','ReadEvents',0,'admin');
CREATE TABLE relay_cursor (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "relay_cursor" VALUES(1,1,'43c8fc73ac7f05d563456e45bc2e21fd8f1c5239240a1f9615157fef04177a42');
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
INSERT INTO "sandbox_sessions" VALUES(1,'S03b51e51916adc5004096618f13741f50a2','11111111-2222-4333-8444-555555555555',9000000,'حق عضویت سال ۱۴۰۵','http://127.0.0.1:28755/payment/return?attempt=b6feaee7-6b7c-47d6-96d8-77ab2a85dc9d','VERIFIED','2026-11-28 17:16:38.509277','2026-11-28 17:16:38.766704');
CREATE TABLE seals (
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	signature VARCHAR(88) NOT NULL, 
	PRIMARY KEY (position)
);
INSERT INTO "seals" VALUES(1,'43c8fc73ac7f05d563456e45bc2e21fd8f1c5239240a1f9615157fef04177a42','wM/kKrM2QJzrKS6nmosmCEtOEkLt8xETTJZnSK+6DJUdJnsv4YhsckEyuestAjOiiYYm7SvPOBm6xogpx2hzCA==');
CREATE TABLE timers (
	kind VARCHAR(20) NOT NULL, 
	"key" VARCHAR(60) NOT NULL, 
	owner VARCHAR(20) NOT NULL, 
	payload TEXT NOT NULL, 
	due_at DATETIME NOT NULL, 
	tries INTEGER NOT NULL, 
	PRIMARY KEY (kind, "key")
);
CREATE INDEX parked_partitions ON parked_events (source, partition_key, position);
CREATE INDEX reads_of_officer ON reads (officer, at);
CREATE INDEX timers_due ON timers (kind, owner, due_at);
CREATE TRIGGER facts_stay_UPDATE BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE TRIGGER facts_stay_DELETE BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
COMMIT;
