BEGIN TRANSACTION;
CREATE TABLE alerts (
	kind VARCHAR(30) NOT NULL, 
	subject VARCHAR(40) NOT NULL, 
	attempt CHAR(32), 
	member VARCHAR(12) NOT NULL, 
	year INTEGER, 
	province VARCHAR(20) NOT NULL, 
	times INTEGER NOT NULL, 
	first_at DATETIME NOT NULL, 
	last_at DATETIME NOT NULL, 
	PRIMARY KEY (kind, subject)
);
INSERT INTO "alerts" VALUES('callback_again','b6feaee7-6b7c-47d6-96d8-77ab2a85dc9d','b6feaee76b7c47d696d877ab2a85dc9d','3412001',1405,'isfahan',0,'2026-11-28 17:16:39.003172','2026-11-28 17:16:39.003172');
CREATE TABLE attempts (
	attempt CHAR(32) NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	bank VARCHAR(20) NOT NULL, 
	authority VARCHAR(40) NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	bank_reference VARCHAR(100) NOT NULL, 
	card_mask VARCHAR(100) NOT NULL, 
	cause VARCHAR(60) NOT NULL, 
	refunded_rials BIGINT NOT NULL, 
	PRIMARY KEY (attempt), 
	CONSTRAINT one_authority_once UNIQUE (bank, authority)
);
INSERT INTO "attempts" VALUES('b6feaee76b7c47d696d877ab2a85dc9d','3412001',1405,'zarinpal','S03b51e51916adc5004096618f13741f50a2',9000000,'settled','2026-11-28 17:16:38.495511','2026-11-28 17:16:39.003172','200000001','502229******5995','',0);
CREATE TABLE bank_exchanges (
	number INTEGER NOT NULL, 
	bank VARCHAR(20) NOT NULL, 
	"query" VARCHAR(30) NOT NULL, 
	authority VARCHAR(40) NOT NULL, 
	request TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	is_usable BOOLEAN NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "bank_exchanges" VALUES(1,'zarinpal','unVerified','','{"merchant_id": "1111…"}','200 {"data":{"authorities":[],"code":"100","message":"Success","x_f2b931":"text"},"errors":[]}
',1,'2026-11-28 17:16:27.533791');
INSERT INTO "bank_exchanges" VALUES(2,'zarinpal','request','S03b51e51916adc5004096618f13741f50a2','{"merchant_id": "1111…", "amount": 9000000, "currency": "IRR", "description": "حق عضویت سال ۱۴۰۵", "callback_url": "http://127.0.0.1:28755/payment/return?attempt=b6feaee7-6b7c-47d6-96d8-77ab2a85dc9d", "metadata": {"order_id": "b6feaee7-6b7c-47d6-96d8-77ab2a85dc9d", "auto_verify": false}}','200 {"data":{"authority":"S03b51e51916adc5004096618f13741f50a2","code":100,"fee":100,"fee_type":"Merchant","message":"Success","x_95bfcc":[]},"errors":[]}
',1,'2026-11-28 17:16:38.515953');
INSERT INTO "bank_exchanges" VALUES(3,'zarinpal','verify','S03b51e51916adc5004096618f13741f50a2','{"merchant_id": "1111…", "authority": "S03b51e51916adc5004096618f13741f50a2", "amount": 9000000}','200 {"data":{"card_hash":"1EBE3EBEBE35C7EC0F8D6EE4F2F859107A87822CA179BC9528767EA7B5489B69","card_pan":"502229******5995","code":100,"fee":0,"fee_type":"Merchant","message":"Success","ref_id":200000001,"x_b59c35":null},"errors":[]}
',1,'2026-11-28 17:16:39.056703');
INSERT INTO "bank_exchanges" VALUES(4,'zarinpal','inquiry','S03b51e51916adc5004096618f13741f50a2','{"merchant_id": "1111…", "authority": "S03b51e51916adc5004096618f13741f50a2"}','200 {"data":{"code":100,"message":"Success","status":"VERIFIED","x_f19796":"text"},"errors":[]}
',1,'2026-11-28 17:16:40.284298');
CREATE TABLE bank_health (
	bank VARCHAR(20) NOT NULL, 
	failures INTEGER NOT NULL, 
	failing_since DATETIME, 
	answered_at DATETIME, 
	down_since DATETIME, 
	PRIMARY KEY (bank)
);
INSERT INTO "bank_health" VALUES('zarinpal',0,NULL,'2026-11-28 17:16:40.284298',NULL);
CREATE TABLE bank_references (
	bank VARCHAR(20) NOT NULL, 
	reference VARCHAR(100) NOT NULL, 
	attempt CHAR(32) NOT NULL, 
	PRIMARY KEY (bank, reference)
);
INSERT INTO "bank_references" VALUES('zarinpal','200000001','b6feaee76b7c47d696d877ab2a85dc9d');
CREATE TABLE checkpoints (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (source)
);
INSERT INTO "checkpoints" VALUES('auth',28,'6ba56d2071fcafc8ae432d56dd4c008fb807a3937d3ddb30d0319f37f5ebea1f');
INSERT INTO "checkpoints" VALUES('renewal',3,'64988c640b0d4cba7a560f5df97f3fdcdfc0ed1dbf7a6b76c461c21c83ed3387');
INSERT INTO "checkpoints" VALUES('bank',1,'43c8fc73ac7f05d563456e45bc2e21fd8f1c5239240a1f9615157fef04177a42');
CREATE TABLE closed_days (
	bank VARCHAR(20) NOT NULL, 
	"on" DATE NOT NULL, 
	closed_by VARCHAR(60) NOT NULL, 
	closed_at DATETIME NOT NULL, 
	reopened_by VARCHAR(60) NOT NULL, 
	reopened_at DATETIME, 
	PRIMARY KEY (bank, "on")
);
CREATE TABLE command_ids (
	id CHAR(32) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "command_ids" VALUES('5d30cbd3f1994e77811f819ff1cd41ce','0fe7aa150a2d8f42d3874faf8131636e7fdce127d448c17122f0bdf22fec0506','2026-11-28 17:16:38.495511');
INSERT INTO "command_ids" VALUES('61f0f9eae9c64381b7adc8554a30973e','ea2124d6bdad95b5c97c4d85daa31cf70fcfe42868749d0ed71c290ab8d3e6fe','2026-11-28 17:16:40.396840');
CREATE TABLE covered_years (
	member VARCHAR(12) NOT NULL, 
	for_year INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	"by" VARCHAR(10) NOT NULL, 
	invoice_year INTEGER, 
	PRIMARY KEY (member, for_year, year)
);
CREATE TABLE credits (
	position BIGINT NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	from_year INTEGER NOT NULL, 
	to_year INTEGER NOT NULL, 
	attempt CHAR(32), 
	amount_rials BIGINT NOT NULL, 
	PRIMARY KEY (position)
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
CREATE TABLE erasures (
	member VARCHAR(12) NOT NULL, 
	erased_at DATETIME NOT NULL, 
	rows TEXT NOT NULL, 
	is_overwritten BOOLEAN NOT NULL, 
	PRIMARY KEY (member)
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
INSERT INTO "events" VALUES(1,'invoice/3412001/1405',1,'1f791b70b617542ea9ab0927eb5f468e','InvoiceIssued','{"member":"3412001","year":1405,"province":"isfahan","lines":[{"year":1405,"member_class":"grade_2","amount_rials":9000000}],"entrance_rials":0,"waivers":[],"waived_by":"","waiver_persons":[],"amount_rials":9000000,"covered":[],"issued_at":"2026-11-28T17:16:37.909989Z","payable_until":"2026-12-28T17:16:37.909989Z"}','{"correlation_id":"e97fcfdb-a831-481d-a431-cd3aeb73a15f","causation_id":"61e2914e-0fa1-5217-bd88-f55835122324","actor":"officer:modir","traceparent":""}','2026-11-28 17:16:37.911436');
INSERT INTO "events" VALUES(2,'invoice/3412001/1405',2,'da20616ba7175dcf92386a333a4492fb','PaymentStarted','{"member":"3412001","year":1405,"attempt":"b6feaee7-6b7c-47d6-96d8-77ab2a85dc9d","authority":"S03b51e51916adc5004096618f13741f50a2","bank":"zarinpal","amount_rials":9000000,"started_at":"2026-11-28T17:16:38.495511Z"}','{"correlation_id":"5d30cbd3-f199-4e77-811f-819ff1cd41ce","causation_id":"5d30cbd3-f199-4e77-811f-819ff1cd41ce","actor":"member:3412001","traceparent":""}','2026-11-28 17:16:38.524898');
INSERT INTO "events" VALUES(3,'invoice/3412001/1405',3,'7fc75e66af755710a48d443fa6528b00','PaymentSettled','{"member":"3412001","year":1405,"province":"isfahan","attempt":"b6feaee7-6b7c-47d6-96d8-77ab2a85dc9d","authority":"S03b51e51916adc5004096618f13741f50a2","bank":"zarinpal","amount_rials":9000000,"bank_reference":"200000001","card_mask":"502229******5995","settled_at":"2026-11-28T17:16:39.003172Z"}','{"correlation_id":"d5bb4c5c-7d52-58a2-8a13-af45fb799d98","causation_id":"d5bb4c5c-7d52-58a2-8a13-af45fb799d98","actor":"program:payment","traceparent":""}','2026-11-28 17:16:39.067008');
INSERT INTO "events" VALUES(4,'invoice/3412001/1405',4,'843e4fe3cb75555c95c674a3a51b760d','PaymentConfirmed','{"member":"3412001","year":1405,"province":"isfahan","amount_rials":9000000,"confirmed_by":"officer:modir","confirmed_at":"2026-11-28T17:16:40.396840Z"}','{"correlation_id":"61f0f9ea-e9c6-4381-b7ad-c8554a30973e","causation_id":"61f0f9ea-e9c6-4381-b7ad-c8554a30973e","actor":"officer:modir","traceparent":""}','2026-11-28 17:16:40.417357');
CREATE TABLE invoices (
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	lines TEXT NOT NULL, 
	entrance_rials BIGINT NOT NULL, 
	waivers TEXT NOT NULL, 
	waived_by VARCHAR(60) NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	issued_at DATETIME NOT NULL, 
	payable_until DATETIME NOT NULL, 
	replaced_by_year INTEGER, 
	reversed_at DATETIME, 
	cancelled_at DATETIME, 
	received_rials BIGINT NOT NULL, 
	written_off_rials BIGINT NOT NULL, 
	settled_at DATETIME, 
	confirmed_at DATETIME, 
	bank_reference VARCHAR(100) NOT NULL, 
	card_mask VARCHAR(100) NOT NULL, 
	PRIMARY KEY (member, year)
);
INSERT INTO "invoices" VALUES('3412001',1405,'isfahan','[{"year":1405,"member_class":"grade_2","amount_rials":9000000}]',0,'[]','',9000000,'confirmed','2026-11-28 17:16:37.909989','2026-12-28 17:16:37.909989',NULL,NULL,NULL,9000000,0,'2026-11-28 17:16:39.003172','2026-11-28 17:16:40.396840','200000001','502229******5995');
CREATE TABLE ledger_entries (
	position BIGINT NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	kind VARCHAR(12) NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	bank VARCHAR(20) NOT NULL, 
	reference VARCHAR(100) NOT NULL, 
	"by" VARCHAR(60) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (position)
);
INSERT INTO "ledger_entries" VALUES(1,'3412001',1405,'charge',-9000000,'','','officer:modir','2026-11-28 17:16:37.911436');
INSERT INTO "ledger_entries" VALUES(3,'3412001',1405,'payment',9000000,'zarinpal','200000001','program:payment','2026-11-28 17:16:39.067008');
CREATE TABLE log_head (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "log_head" VALUES(1,4);
CREATE TABLE money_tasks (
	task CHAR(32) NOT NULL, 
	kind VARCHAR(30) NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	attempt CHAR(32), 
	amount_rials BIGINT NOT NULL, 
	cause VARCHAR(60) NOT NULL, 
	requested_by VARCHAR(60) NOT NULL, 
	granted_by VARCHAR(60) NOT NULL, 
	since DATETIME NOT NULL, 
	PRIMARY KEY (task)
);
CREATE TABLE notes (
	note CHAR(32) NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	text TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	PRIMARY KEY (note)
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
INSERT INTO "reads" VALUES('3412001','2026-11-28 17:10:00.000000','modir','EstimateFee',1405,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 17:10:00.000000','modir','ListPayments',1405,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 17:10:00.000000','modir','GetInvoices',0,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 17:10:00.000000','modir','ConfirmPayment',1405,'finance manager');
CREATE TABLE receipts (
	token CHAR(32) NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	series_year INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	invoice_year INTEGER NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	bank_reference VARCHAR(100) NOT NULL, 
	paid_at DATETIME NOT NULL, 
	reversed_at DATETIME, 
	refunded_rials BIGINT NOT NULL, 
	PRIMARY KEY (token), 
	CONSTRAINT one_number_once UNIQUE (province, series_year, number)
);
INSERT INTO "receipts" VALUES('7af6ae6af30a5e7aa2267283b4d3b0d1','isfahan',1405,1,'3412001',1405,9000000,'200000001','2026-11-28 17:16:39.003172',NULL,0);
CREATE TABLE relay_cursor (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "relay_cursor" VALUES(1,4,'80a01f226bbf724427d023d1554a9e98c2e9d838ca2a6411794f9bafa5f3a3c6');
CREATE TABLE retention_runs (
	kind VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	deleted INTEGER NOT NULL, 
	PRIMARY KEY (kind, at)
);
INSERT INTO "retention_runs" VALUES('reads','2026-11-28 17:16:27.464646',0);
INSERT INTO "retention_runs" VALUES('money_notes','2026-11-28 17:16:27.464646',0);
INSERT INTO "retention_runs" VALUES('bank_exchanges','2026-11-28 17:16:27.464646',0);
INSERT INTO "retention_runs" VALUES('alerts','2026-11-28 17:16:27.464646',0);
CREATE TABLE seals (
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	signature VARCHAR(88) NOT NULL, 
	PRIMARY KEY (position)
);
INSERT INTO "seals" VALUES(1,'d256f786c1238b97584027c2e45d5f640138ebc5240dd1d62ba9227e535de7cd','3SHaDn7AgeqpUbCCMXPpYwuq0bnOAHCHvkCWqzWXT5It0j0MXBB2uBetAc5KrCzlqgXvTYCSjnxC0eZe11tqAQ==');
INSERT INTO "seals" VALUES(2,'97953b00ba7aec57874ebcd180f844f88ed61419b73e6537c1b9d7c2951e3b27','Ab5jDFPcM0YKD4tPmXE/cWAyfEWaYJGLdPfyVeXWKLDyeowdXkMpGSeCIxO4IioG8k2uBynJ6zsoHnaWk7xdDQ==');
INSERT INTO "seals" VALUES(3,'f7879bb6f6ef6232a01950ffa573a587d9866e531babbb7694f84b70f4547ec9','+ved9b/cJCSliIXbkpWjK2Z3dM+RLYELUblJUWFvdZoKP2aADjgmdYr229PE7LvXZkZUuA9nR9wCGvbHdtNpCQ==');
INSERT INTO "seals" VALUES(4,'80a01f226bbf724427d023d1554a9e98c2e9d838ca2a6411794f9bafa5f3a3c6','UMigAWr0Ldr6wx3JboOWjmqyEuRwZ9dXpkgVoo/WwopAP1xaCOEYZLaOmjVlPaGOGS9SsuuS2I3dRlRie00jDQ==');
CREATE TABLE statement_disputes (
	statement VARCHAR(64) NOT NULL, 
	authority VARCHAR(40) NOT NULL, 
	PRIMARY KEY (statement, authority)
);
CREATE TABLE statement_lines (
	statement VARCHAR(64) NOT NULL, 
	line INTEGER NOT NULL, 
	bank VARCHAR(20) NOT NULL, 
	authority VARCHAR(40) NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	fee_rials BIGINT NOT NULL, 
	bank_reference VARCHAR(100) NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	paid_at DATETIME NOT NULL, 
	settlement VARCHAR(60) NOT NULL, 
	PRIMARY KEY (statement, line)
);
CREATE TABLE statements (
	statement VARCHAR(64) NOT NULL, 
	bank VARCHAR(20) NOT NULL, 
	lines INTEGER NOT NULL, 
	total_rials BIGINT NOT NULL, 
	opened_by VARCHAR(60) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	counted_by VARCHAR(60) NOT NULL, 
	counted_at DATETIME, 
	is_correction BOOLEAN NOT NULL, 
	corrects VARCHAR(64) NOT NULL, 
	corrected_by VARCHAR(64) NOT NULL, 
	PRIMARY KEY (statement)
);
CREATE TABLE timers (
	kind VARCHAR(20) NOT NULL, 
	"key" VARCHAR(60) NOT NULL, 
	owner VARCHAR(20) NOT NULL, 
	payload TEXT NOT NULL, 
	due_at DATETIME NOT NULL, 
	tries INTEGER NOT NULL, 
	PRIMARY KEY (kind, "key")
);
INSERT INTO "timers" VALUES('sweep','zarinpal','','','2026-11-28 17:18:27.447825',1);
CREATE INDEX parked_partitions ON parked_events (source, partition_key, position);
CREATE INDEX alerts_by_time ON alerts (last_at);
CREATE INDEX attempts_of_invoice ON attempts (member, year);
CREATE INDEX ix_bank_exchanges_at ON bank_exchanges (at);
CREATE INDEX ix_bank_exchanges_authority ON bank_exchanges (authority);
CREATE INDEX credits_of_member ON credits (member, to_year);
CREATE INDEX invoices_of_province ON invoices (province, status, settled_at);
CREATE INDEX ledger_of_member ON ledger_entries (member, position);
CREATE INDEX money_tasks_of_province ON money_tasks (province, since);
CREATE INDEX ix_notes_written_at ON notes (written_at);
CREATE INDEX ix_notes_member ON notes (member);
CREATE INDEX reads_of_officer ON reads (officer, at);
CREATE INDEX receipts_of_invoice ON receipts (member, invoice_year);
CREATE INDEX statement_lines_of_day ON statement_lines (bank, paid_at);
CREATE INDEX statement_lines_of_session ON statement_lines (authority);
CREATE INDEX timers_due ON timers (kind, owner, due_at);
CREATE TRIGGER facts_stay_UPDATE BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE TRIGGER facts_stay_DELETE BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
COMMIT;
