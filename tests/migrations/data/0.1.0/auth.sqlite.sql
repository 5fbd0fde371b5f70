BEGIN TRANSACTION;
CREATE TABLE accounts (
	account VARCHAR(50) NOT NULL, 
	password_hash TEXT NOT NULL, 
	is_own BOOLEAN NOT NULL, 
	is_chosen BOOLEAN NOT NULL, 
	changed_at DATETIME NOT NULL, 
	PRIMARY KEY (account)
);
INSERT INTO "accounts" VALUES('officer:admin','$argon2id$v=19$m=19456,t=2,p=1$3JWtNsNViBvgzGcbNSwrmw$IdtMf/T/3XiFFGKXCTun5lSKl/NB7xwq2ZNGernqwg8',1,0,'2026-11-28 17:16:26.039369');
INSERT INTO "accounts" VALUES('officer:rahbar','$argon2id$v=19$m=19456,t=2,p=1$0yucvlRzI3UD7U6AWzjEIQ$qVqXhxydz17YZnFIKH/KMdzSdlOpKMMV8PoPYWFmFlc',1,0,'2026-11-28 17:16:28.107455');
INSERT INTO "accounts" VALUES('officer:modir','$argon2id$v=19$m=19456,t=2,p=1$j+KueiGbkcYTHrTTfZmcnw$cOo8XeOuqGEGQNuzucueHoNzeDoF8wPbC6LL8yOm36s',1,0,'2026-11-28 17:16:28.966509');
INSERT INTO "accounts" VALUES('officer:moaven','$argon2id$v=19$m=19456,t=2,p=1$icLRBo96SCCDnXf+oLUyEw$LgT/3W9pD5THUHRyxM4mmss55/n4OHutyyk4UgDYdA8',1,0,'2026-11-28 17:16:29.223010');
INSERT INTO "accounts" VALUES('officer:khazanedar','$argon2id$v=19$m=19456,t=2,p=1$sDAtbyibhhnciDGZYFcT+w$CotckK31MdnnD9BJL1uHuEmKrhv/R0VRAlI/5D8Mk7E',1,0,'2026-11-28 17:16:29.556344');
INSERT INTO "accounts" VALUES('officer:hesabdar','$argon2id$v=19$m=19456,t=2,p=1$a1qCNLBuvXPxuDsgxJe+Yg$PgiabjlooAK0oSfeyk3r/b7BVKf6F6CH0JgIwidwn24',1,0,'2026-11-28 17:16:29.917445');
INSERT INTO "accounts" VALUES('officer:modir-fars','$argon2id$v=19$m=19456,t=2,p=1$7JHu9ShqfXaZL5nGdjdPgg$bNJ3GIv/qz23pK1IbgzpSeAGIX4O9U7YeiifB5dzsqE',1,0,'2026-11-28 17:16:30.315732');
INSERT INTO "accounts" VALUES('officer:bazres','$argon2id$v=19$m=19456,t=2,p=1$TvyK7071C9vvLHAV33zYKw$3PiRK8EQPhEYLl8rvOS5ul00ggl/qVyXzsw6TcGMdX0',1,0,'2026-11-28 17:16:30.761312');
INSERT INTO "accounts" VALUES('member:3412001','$argon2id$v=19$m=19456,t=2,p=1$Bb2fH6gJRnN67MlJiJXGgg$y7E2d32AoRz0gad90z6HLhahO5ZzsgRsnDeqMV62NME',0,0,'2026-11-28 17:16:33.422652');
CREATE TABLE activation_codes (
	account VARCHAR(50) NOT NULL, 
	code_hash VARCHAR(64) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	PRIMARY KEY (account)
);
CREATE TABLE attempts (
	id INTEGER NOT NULL, 
	attempt CHAR(32) NOT NULL, 
	"key" VARCHAR(100) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE captchas (
	captcha CHAR(32) NOT NULL, 
	phrase VARCHAR(5) NOT NULL, 
	network VARCHAR(45) NOT NULL, 
	plays INTEGER NOT NULL, 
	expires_at DATETIME NOT NULL, 
	PRIMARY KEY (captcha)
);
CREATE TABLE card_links (
	member VARCHAR(12) NOT NULL, 
	token VARCHAR(30), 
	command CHAR(32) NOT NULL, 
	issued_at DATETIME NOT NULL, 
	PRIMARY KEY (member), 
	UNIQUE (token)
);
CREATE TABLE card_views (
	id INTEGER NOT NULL, 
	command CHAR(32) NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (command)
);
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
INSERT INTO "command_ids" VALUES('a24ecd4253935444a2cc128b04265adc','207c0ff963639574e4559776fad73502d1678e913f305afa09a381e286abfc9d','2026-11-28 17:16:26.039369');
INSERT INTO "command_ids" VALUES('c768227a700e469692af407281460721','9e26828f41c9318784c6123925ef039ce22ac36af2159728042d789d87ba2336','2026-11-28 17:16:28.107455');
INSERT INTO "command_ids" VALUES('a7a65e6f3a4c4fcd91e02e311a5f2881','212c5f8af210faf7557a6cdbcb2774722a9c582728043568f46acdc801cf4c70','2026-11-28 17:16:28.799162');
INSERT INTO "command_ids" VALUES('e69053ad97a94d1bb27330b573311ad0','438a4c01404d3f4d442697619f65d287bd34faf6e4f5d1c1ad956156943b62ce','2026-11-28 17:16:28.966509');
INSERT INTO "command_ids" VALUES('9349976ef19e49d9a02493d2b10e0539','e49dd82034625d87fb3e579655e46bdc9930aca7c5b7d17d95b07b3fb0bb4386','2026-11-28 17:16:29.039019');
INSERT INTO "command_ids" VALUES('8314dbe006c44c56944286168b89d27f','ce0e9b7204e295123f0f2bbb510da04746c09730886a08188016d8ea92429f10','2026-11-28 17:16:29.223010');
INSERT INTO "command_ids" VALUES('6217d3667a5a48dbbc1767269c040a31','97c2d76bf979dbe9e73dda1483237c8fdb450db36c559aa3e60da7b0282c793e','2026-11-28 17:16:29.345229');
INSERT INTO "command_ids" VALUES('fc032bb9842c4223a967369949eab7aa','f5ac754ddbbc11acedf2ef8d6418473a92aa9e9a0dc7537a834ad10bc10df80f','2026-11-28 17:16:29.556344');
INSERT INTO "command_ids" VALUES('0cfa2b7c1082441cb36a389dd90e8a0b','704fa44a2893079f54dcb3f4fd33c736ceb1e8dce6767fdf4c2c3bc1172892f0','2026-11-28 17:16:29.674026');
INSERT INTO "command_ids" VALUES('b0f0c04255464ffc892ccaeeb74a1869','e87769688cdf46294740908d8d0187aed3da595acb395524231543ffab692592','2026-11-28 17:16:29.917445');
INSERT INTO "command_ids" VALUES('4429824e0b904c19843162a3e9e5b790','5c3e28c01c91884663428f472462caf17aacfb9b076a5c7e3b40a6dd1f24ea8a','2026-11-28 17:16:30.051265');
INSERT INTO "command_ids" VALUES('dfe39c6b79c645efbe6f7e93a62ec1c5','5d769207e84d0ae27ad6774814f00a8437fc283db7da67bced64bd56a0efec8d','2026-11-28 17:16:30.315732');
INSERT INTO "command_ids" VALUES('fc12beb0d4c1482e96df15d1516f6a2c','ade230c22aa37ba18d428ad7b020eeba18f661dd3cb40a8cc47330386f9512f8','2026-11-28 17:16:30.466508');
INSERT INTO "command_ids" VALUES('26ff8c6dd1f04c0d87b0ebc2383cbd9b','33ac94691f584ada6ca8b1a8dc8ff58b5b75ebc4372efc14e0395cbc23e8c5a6','2026-11-28 17:16:30.761312');
INSERT INTO "command_ids" VALUES('e012bc376ca348bf8e168465c136ca43','9beacb604bd31a246908d7924cf7be0563c0bd59c0f16e1d361e04224b1e2737','2026-11-28 17:16:30.923988');
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
CREATE TABLE erasure_requests (
	member VARCHAR(12) NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	cause VARCHAR(20) NOT NULL, 
	requested_by VARCHAR(60) NOT NULL, 
	requested_at DATETIME NOT NULL, 
	PRIMARY KEY (member)
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
INSERT INTO "events" VALUES(1,'officer/admin',1,'d48089dd8de7520baa3f63c05914f161','OfficerAppointed','{"officer":"admin","roles":["admin"],"provinces":["alborz","ardabil","bushehr","chaharmahalbakhtiari","eastazerbaijan","fars","gilan","golestan","hamadan","hormozgan","ilam","isfahan","kerman","kermanshah","khuzestan","kohgiluyehboyerahmad","kurdistan","lorestan","markazi","mazandaran","northkhorasan","qazvin","qom","razavikhorasan","semnan","sistanbaluchestan","southkhorasan","tehran","westazerbaijan","yazd","zanjan"],"appointed_by":"program:auth","appointed_at":"2026-11-28T17:16:26.039369Z","request":null,"granted_by":""}','{"correlation_id":"a24ecd42-5393-5444-a2cc-128b04265adc","causation_id":"a24ecd42-5393-5444-a2cc-128b04265adc","actor":"program:auth","traceparent":""}','2026-11-28 17:16:27.597429');
INSERT INTO "events" VALUES(2,'officer/rahbar',1,'aacd0822b0c75a8abd076966cc77efcc','OfficerAppointed','{"officer":"rahbar","roles":["admin"],"provinces":["fars","isfahan"],"appointed_by":"officer:admin","appointed_at":"2026-11-28T17:16:28.107455Z","request":null,"granted_by":""}','{"correlation_id":"c768227a-700e-4696-92af-407281460721","causation_id":"c768227a-700e-4696-92af-407281460721","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:28.363613');
INSERT INTO "events" VALUES(3,'officer/modir',1,'d4f23bdf29d159689f1d51754d05577f','AppointmentRequested','{"officer":"modir","request":"a7a65e6f-3a4c-4fcd-91e0-2e311a5f2881","roles":["finance","manager"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:16:28.799162Z"}','{"correlation_id":"a7a65e6f-3a4c-4fcd-91e0-2e311a5f2881","causation_id":"a7a65e6f-3a4c-4fcd-91e0-2e311a5f2881","actor":"officer:rahbar","traceparent":""}','2026-11-28 17:16:28.905502');
INSERT INTO "events" VALUES(4,'officer/modir',2,'fc055cdab02558d097a92a9331e9e249','OfficerAppointed','{"officer":"modir","roles":["finance","manager"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:16:28.966509Z","request":"a7a65e6f-3a4c-4fcd-91e0-2e311a5f2881","granted_by":"officer:admin"}','{"correlation_id":"e69053ad-97a9-4d1b-b273-30b573311ad0","causation_id":"e69053ad-97a9-4d1b-b273-30b573311ad0","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:28.967611');
INSERT INTO "events" VALUES(5,'officer/moaven',1,'e54e6db40a8b5fe7a231511af84f5468','AppointmentRequested','{"officer":"moaven","request":"9349976e-f19e-49d9-a024-93d2b10e0539","roles":["manager"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:16:29.039019Z"}','{"correlation_id":"9349976e-f19e-49d9-a024-93d2b10e0539","causation_id":"9349976e-f19e-49d9-a024-93d2b10e0539","actor":"officer:rahbar","traceparent":""}','2026-11-28 17:16:29.135091');
INSERT INTO "events" VALUES(6,'officer/moaven',2,'db7d7adc39dd5d32bba121cf8d01598a','OfficerAppointed','{"officer":"moaven","roles":["manager"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:16:29.223010Z","request":"9349976e-f19e-49d9-a024-93d2b10e0539","granted_by":"officer:admin"}','{"correlation_id":"8314dbe0-06c4-4c56-9442-86168b89d27f","causation_id":"8314dbe0-06c4-4c56-9442-86168b89d27f","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:29.224086');
INSERT INTO "events" VALUES(7,'officer/khazanedar',1,'e0ee9202621050ffbb45753e8198512f','AppointmentRequested','{"officer":"khazanedar","request":"6217d366-7a5a-48db-bc17-67269c040a31","roles":["finance","treasury"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:16:29.345229Z"}','{"correlation_id":"6217d366-7a5a-48db-bc17-67269c040a31","causation_id":"6217d366-7a5a-48db-bc17-67269c040a31","actor":"officer:rahbar","traceparent":""}','2026-11-28 17:16:29.470630');
INSERT INTO "events" VALUES(8,'officer/khazanedar',2,'68be49aec5f854b5ba790e4f0150df76','OfficerAppointed','{"officer":"khazanedar","roles":["finance","treasury"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:16:29.556344Z","request":"6217d366-7a5a-48db-bc17-67269c040a31","granted_by":"officer:admin"}','{"correlation_id":"fc032bb9-842c-4223-a967-369949eab7aa","causation_id":"fc032bb9-842c-4223-a967-369949eab7aa","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:29.567616');
INSERT INTO "events" VALUES(9,'officer/hesabdar',1,'48271f5e6da25d5a8872e0171575bb36','AppointmentRequested','{"officer":"hesabdar","request":"0cfa2b7c-1082-441c-b36a-389dd90e8a0b","roles":["finance","treasury"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:16:29.674026Z"}','{"correlation_id":"0cfa2b7c-1082-441c-b36a-389dd90e8a0b","causation_id":"0cfa2b7c-1082-441c-b36a-389dd90e8a0b","actor":"officer:rahbar","traceparent":""}','2026-11-28 17:16:29.807091');
INSERT INTO "events" VALUES(10,'officer/hesabdar',2,'0a8781a3392f5c879b696bbecbe61c0b','OfficerAppointed','{"officer":"hesabdar","roles":["finance","treasury"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:16:29.917445Z","request":"0cfa2b7c-1082-441c-b36a-389dd90e8a0b","granted_by":"officer:admin"}','{"correlation_id":"b0f0c042-5546-4ffc-892c-caeeb74a1869","causation_id":"b0f0c042-5546-4ffc-892c-caeeb74a1869","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:29.919503');
INSERT INTO "events" VALUES(11,'officer/modir-fars',1,'a09960b6d32d5596bdfa0344d458467d','AppointmentRequested','{"officer":"modir-fars","request":"4429824e-0b90-4c19-8431-62a3e9e5b790","roles":["finance","manager"],"provinces":["fars"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:16:30.051265Z"}','{"correlation_id":"4429824e-0b90-4c19-8431-62a3e9e5b790","causation_id":"4429824e-0b90-4c19-8431-62a3e9e5b790","actor":"officer:rahbar","traceparent":""}','2026-11-28 17:16:30.178672');
INSERT INTO "events" VALUES(12,'officer/modir-fars',2,'e80548a7ca4b571093f9d462ffecd7e7','OfficerAppointed','{"officer":"modir-fars","roles":["finance","manager"],"provinces":["fars"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:16:30.315732Z","request":"4429824e-0b90-4c19-8431-62a3e9e5b790","granted_by":"officer:admin"}','{"correlation_id":"dfe39c6b-79c6-45ef-be6f-7e93a62ec1c5","causation_id":"dfe39c6b-79c6-45ef-be6f-7e93a62ec1c5","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:30.316679');
INSERT INTO "events" VALUES(13,'officer/bazres',1,'96da3f9e112354c7aa01cd3212c5cc96','AppointmentRequested','{"officer":"bazres","request":"fc12beb0-d4c1-482e-96df-15d1516f6a2c","roles":["auditor"],"provinces":["fars","isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:16:30.466508Z"}','{"correlation_id":"fc12beb0-d4c1-482e-96df-15d1516f6a2c","causation_id":"fc12beb0-d4c1-482e-96df-15d1516f6a2c","actor":"officer:rahbar","traceparent":""}','2026-11-28 17:16:30.649403');
INSERT INTO "events" VALUES(14,'officer/bazres',2,'442b62c5940b509091ccfd3065800097','OfficerAppointed','{"officer":"bazres","roles":["auditor"],"provinces":["fars","isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:16:30.761312Z","request":"fc12beb0-d4c1-482e-96df-15d1516f6a2c","granted_by":"officer:admin"}','{"correlation_id":"26ff8c6d-d1f0-4c0d-87b0-ebc2383cbd9b","causation_id":"26ff8c6d-d1f0-4c0d-87b0-ebc2383cbd9b","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:30.762622');
INSERT INTO "events" VALUES(15,'member/3412001',1,'d98f6a4d1bcd5ceaa598e0abbfacb9c6','MemberEnrolled','{"member":"3412001","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:30.991021');
INSERT INTO "events" VALUES(16,'member/3412002',1,'b231f24b2452552c9bee0abb212acd06','MemberEnrolled','{"member":"3412002","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction","exploration"],"expires_on":"2028-09-21"},"paid_through":1402,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:30.996707');
INSERT INTO "events" VALUES(17,'member/3412003',1,'4265a356052b55bab0b2f3f4d6aec619','MemberEnrolled','{"member":"3412003","province":"isfahan","licence":{"member_class":"grade_3","fields":["exploration"],"expires_on":"2028-06-04"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.010527');
INSERT INTO "events" VALUES(18,'member/3412004',1,'80060f388d8b562ca19dce3967821fe5','MemberEnrolled','{"member":"3412004","province":"isfahan","licence":{"member_class":"grade_3","fields":["processing"],"expires_on":"2024-09-21"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.011774');
INSERT INTO "events" VALUES(19,'member/3412005',1,'e55fa782dcc958b7a6d1b8f45803e301','MemberEnrolled','{"member":"3412005","province":"isfahan","licence":{"member_class":"grade_1","fields":["extraction","processing"],"expires_on":"2029-04-08"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.012709');
INSERT INTO "events" VALUES(20,'member/3412006',1,'6dbfd2fd0bf35b15bb0d8c47cdc4645a','MemberEnrolled','{"member":"3412006","province":"isfahan","licence":{"member_class":"grade_1","fields":["metallurgy"],"expires_on":"2029-02-18"},"paid_through":1403,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.030353');
INSERT INTO "events" VALUES(21,'member/3412007',1,'0fb02446a3e451afb07fae5054ddc488','MemberEnrolled','{"member":"3412007","province":"isfahan","licence":{"member_class":"senior","fields":["extraction","exploration","processing"],"expires_on":"2029-07-31"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.044634');
INSERT INTO "events" VALUES(22,'member/3412008',1,'204b4faa60f75423b34fe0958cbeef97','MemberEnrolled','{"member":"3412008","province":"isfahan","licence":{"member_class":"senior","fields":["surveying"],"expires_on":"2028-12-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.054489');
INSERT INTO "events" VALUES(23,'member/0412009',1,'53cc3f2b230353eea7bc129bdda61546','MemberEnrolled','{"member":"0412009","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.055606');
INSERT INTO "events" VALUES(24,'member/3412010',1,'a7e51155a5d65dd8a8282d69065e8f72','MemberEnrolled','{"member":"3412010","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":null,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.056463');
INSERT INTO "events" VALUES(25,'member/3412011',1,'8dec4496d15050d0900489e207bcd820','MemberEnrolled','{"member":"3412011","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.077040');
INSERT INTO "events" VALUES(26,'member/3412012',1,'236b8e00e4465c9886dcd98aef037ffd','MemberEnrolled','{"member":"3412012","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1401,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.078352');
INSERT INTO "events" VALUES(27,'member/5117001',1,'628a11271b385970a09c141f7a4a2230','MemberEnrolled','{"member":"5117001","province":"fars","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2029-03-19"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.079164');
INSERT INTO "events" VALUES(28,'member/5117002',1,'936bb61136b851fcb954cd337cc0f3ca','MemberEnrolled','{"member":"5117002","province":"fars","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:16:30.923988Z"}','{"correlation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","causation_id":"e012bc37-6ca3-48bf-8e16-8465c136ca43","actor":"officer:admin","traceparent":""}','2026-11-28 17:16:31.085051');
CREATE TABLE import_changes (
	import_id CHAR(32) NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	version INTEGER NOT NULL, 
	"before" TEXT, 
	"after" TEXT NOT NULL, 
	imported_at DATETIME NOT NULL, 
	undone_by CHAR(32), 
	PRIMARY KEY (import_id, member)
);
CREATE TABLE import_reports (
	command CHAR(32) NOT NULL, 
	report TEXT NOT NULL, 
	reported_at DATETIME NOT NULL, 
	PRIMARY KEY (command)
);
INSERT INTO "import_reports" VALUES('e012bc376ca348bf8e168465c136ca43','{"rows":[{"row":1,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":2,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":3,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":4,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":5,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":6,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":7,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":8,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":9,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":10,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":11,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":12,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":13,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":14,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""}]}','2026-11-28 17:16:30.923988');
CREATE TABLE known_devices (
	token_hash VARCHAR(64) NOT NULL, 
	account VARCHAR(50) NOT NULL, 
	seen_at DATETIME NOT NULL, 
	PRIMARY KEY (token_hash, account)
);
INSERT INTO "known_devices" VALUES('902c0278ff77d74cf13a6658a2c75eea02dd2a6271d66ecf12958b1cad41fec2','officer:admin','2026-11-28 17:16:27.821631');
INSERT INTO "known_devices" VALUES('ccdab92bb6555ab20f18dc95d091af545b3bfa83527b75ba9d7206481380d1ee','officer:rahbar','2026-11-28 17:16:28.545768');
INSERT INTO "known_devices" VALUES('77a577044fb10b98688331ad78e855bafdbb664d0c1ea65b45dc6a72de5af5ab','officer:admin','2026-11-28 17:16:31.657225');
INSERT INTO "known_devices" VALUES('e450777778c10d38097a0b3c316119d62ee857d5c6bffe0a7f6bb5c2673111af','member:3412001','2026-11-28 17:16:33.422652');
INSERT INTO "known_devices" VALUES('c18e72a559846f2876761ab12c564c91a744a0123009df8ed68af72010f4cdd8','officer:modir','2026-11-28 17:16:36.759546');
CREATE TABLE log_head (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "log_head" VALUES(1,28);
CREATE TABLE members (
	member VARCHAR(12) NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	member_class VARCHAR(20) NOT NULL, 
	licence_fields TEXT NOT NULL, 
	licence_expires_on DATE, 
	paid_through INTEGER, 
	erased_at DATETIME, 
	PRIMARY KEY (member)
);
INSERT INTO "members" VALUES('3412001','isfahan','grade_2','extraction','2030-03-20',1404,NULL);
INSERT INTO "members" VALUES('3412002','isfahan','grade_2','extraction exploration','2028-09-21',1402,NULL);
INSERT INTO "members" VALUES('3412003','isfahan','grade_3','exploration','2028-06-04',1404,NULL);
INSERT INTO "members" VALUES('3412004','isfahan','grade_3','processing','2024-09-21',1404,NULL);
INSERT INTO "members" VALUES('3412005','isfahan','grade_1','extraction processing','2029-04-08',1404,NULL);
INSERT INTO "members" VALUES('3412006','isfahan','grade_1','metallurgy','2029-02-18',1403,NULL);
INSERT INTO "members" VALUES('3412007','isfahan','senior','extraction exploration processing','2029-07-31',1404,NULL);
INSERT INTO "members" VALUES('3412008','isfahan','senior','surveying','2028-12-20',1404,NULL);
INSERT INTO "members" VALUES('0412009','isfahan','intern','',NULL,1404,NULL);
INSERT INTO "members" VALUES('3412010','isfahan','intern','',NULL,NULL,NULL);
INSERT INTO "members" VALUES('3412011','isfahan','unlicensed','',NULL,1404,NULL);
INSERT INTO "members" VALUES('3412012','isfahan','unlicensed','',NULL,1401,NULL);
INSERT INTO "members" VALUES('5117001','fars','grade_2','extraction','2029-03-19',1404,NULL);
INSERT INTO "members" VALUES('5117002','fars','unlicensed','',NULL,1404,NULL);
CREATE TABLE officer_request_details (
	request CHAR(32) NOT NULL, 
	full_name TEXT NOT NULL, 
	password_hash TEXT, 
	PRIMARY KEY (request)
);
CREATE TABLE officer_requests (
	request CHAR(32) NOT NULL, 
	officer VARCHAR(40) NOT NULL, 
	PRIMARY KEY (request)
);
CREATE TABLE officers (
	officer VARCHAR(40) NOT NULL, 
	roles TEXT NOT NULL, 
	provinces TEXT NOT NULL, 
	PRIMARY KEY (officer)
);
INSERT INTO "officers" VALUES('admin','admin','alborz ardabil bushehr chaharmahalbakhtiari eastazerbaijan fars gilan golestan hamadan hormozgan ilam isfahan kerman kermanshah khuzestan kohgiluyehboyerahmad kurdistan lorestan markazi mazandaran northkhorasan qazvin qom razavikhorasan semnan sistanbaluchestan southkhorasan tehran westazerbaijan yazd zanjan');
INSERT INTO "officers" VALUES('rahbar','admin','fars isfahan');
INSERT INTO "officers" VALUES('modir','finance manager','isfahan');
INSERT INTO "officers" VALUES('moaven','manager','isfahan');
INSERT INTO "officers" VALUES('khazanedar','finance treasury','isfahan');
INSERT INTO "officers" VALUES('hesabdar','finance treasury','isfahan');
INSERT INTO "officers" VALUES('modir-fars','finance manager','fars');
INSERT INTO "officers" VALUES('bazres','auditor','fars isfahan');
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
CREATE TABLE passkeys (
	passkey_id VARCHAR(64) NOT NULL, 
	account VARCHAR(50) NOT NULL, 
	credential_id TEXT NOT NULL, 
	public_key TEXT NOT NULL, 
	sign_count BIGINT NOT NULL, 
	name TEXT NOT NULL, 
	added_at DATETIME NOT NULL, 
	used_at DATETIME, 
	PRIMARY KEY (passkey_id)
);
CREATE TABLE password_resets (
	account VARCHAR(50) NOT NULL, 
	reset_at DATETIME NOT NULL, 
	PRIMARY KEY (account)
);
CREATE TABLE persons (
	account VARCHAR(50) NOT NULL, 
	first_name TEXT NOT NULL, 
	last_name TEXT NOT NULL, 
	national_code VARCHAR(10), 
	PRIMARY KEY (account), 
	UNIQUE (national_code)
);
INSERT INTO "persons" VALUES('officer:admin','','مدیر سامانه',NULL);
INSERT INTO "persons" VALUES('officer:rahbar','','راهبر دوم نمایشی سامانه',NULL);
INSERT INTO "persons" VALUES('officer:modir','','مدیر نمایشی اصفهان',NULL);
INSERT INTO "persons" VALUES('officer:moaven','','معاون نمایشی اصفهان',NULL);
INSERT INTO "persons" VALUES('officer:khazanedar','','خزانه‌دار نمایشی اصفهان',NULL);
INSERT INTO "persons" VALUES('officer:hesabdar','','حسابدار نمایشی اصفهان',NULL);
INSERT INTO "persons" VALUES('officer:modir-fars','','مدیر نمایشی فارس',NULL);
INSERT INTO "persons" VALUES('officer:bazres','','بازرس نمایشی دسترسی‌ها',NULL);
INSERT INTO "persons" VALUES('member:3412001','آذرخش','سنگ‌افروز','0019378653');
INSERT INTO "persons" VALUES('member:3412002','کوهیار','نمونه‌پور','0012345679');
INSERT INTO "persons" VALUES('member:3412003','گوهرناز','آزمونی','1271111111');
INSERT INTO "persons" VALUES('member:3412004','فیروزه','مثالی','1272222225');
INSERT INTO "persons" VALUES('member:3412005','معدن‌یار','فرضی‌نژاد','1283333333');
INSERT INTO "persons" VALUES('member:3412006','زرین‌تاج','آهن‌نشان','1284444449');
INSERT INTO "persons" VALUES('member:3412007','الماس','پیش‌نمونه','1295555557');
INSERT INTO "persons" VALUES('member:3412008','سیماب','نقشه‌نگار','1296666662');
INSERT INTO "persons" VALUES('member:0412009','یاقوت','تازه‌وارد','1277777772');
INSERT INTO "persons" VALUES('member:3412010','سپهر','ساختگی','1288888880');
INSERT INTO "persons" VALUES('member:3412011','نگین','خیالی','1299999980');
INSERT INTO "persons" VALUES('member:3412012','مرمر','بی‌پروانه','1271234564');
INSERT INTO "persons" VALUES('member:5117001','شیراز','آزمون‌زاده','2291111116');
INSERT INTO "persons" VALUES('member:5117002','لاجورد','نمونه‌ای','2292222221');
CREATE TABLE rate_limit_hits (
	id INTEGER NOT NULL, 
	address VARCHAR(45) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
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
INSERT INTO "reads" VALUES('3412001','2026-11-28 17:10:00.000000','modir','GetMemberNames',0,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 17:10:00.000000','modir','GetMember',0,'finance manager');
CREATE TABLE recovery_codes (
	account VARCHAR(50) NOT NULL, 
	code_hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (account, code_hash)
);
CREATE TABLE relay_cursor (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "relay_cursor" VALUES(1,28,'6ba56d2071fcafc8ae432d56dd4c008fb807a3937d3ddb30d0319f37f5ebea1f');
CREATE TABLE retention_runs (
	kind VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	deleted INTEGER NOT NULL, 
	PRIMARY KEY (kind, at)
);
INSERT INTO "retention_runs" VALUES('card_views','2026-11-28 17:16:27.633359',0);
INSERT INTO "retention_runs" VALUES('import_changes','2026-11-28 17:16:27.633359',0);
INSERT INTO "retention_runs" VALUES('reads','2026-11-28 17:16:27.633359',0);
INSERT INTO "retention_runs" VALUES('import_reports','2026-11-28 17:16:27.633359',0);
CREATE TABLE seals (
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	signature VARCHAR(88) NOT NULL, 
	PRIMARY KEY (position)
);
INSERT INTO "seals" VALUES(1,'86adee660362773918c16bc8e893dd46728b637b50f24a7bda4c64fc620d973c','uoQu3z5rr7p/em0eF0G6Zzf+f5uQxnmFma9uyUzAMBlunCCh6XAbFKZukf0m0STkTPQbYgUJewNksn5Rr8wdDw==');
INSERT INTO "seals" VALUES(2,'d0cba6ce22263f9322a7f1218046504343780dfcbe850e46cea44233bfd9c86b','mYLPMihK9N/EEvBsW0er3uMadNncZzjGEDzLv/M3YW6PdUhXhDS93NLwbIbD64SCbtB+Wu5QFUV2+7NOfZAoDA==');
INSERT INTO "seals" VALUES(3,'f51ee78ae013b973d69613e49130f625681bfe0e28ff97e4cee82ef4623267c0','biYtpqSw1SDh6hRWaCNduVsEnUsaZNwjMQOnV/GS9hGoE0Opvzx/FanL5Pw+2UQyVjjk0Z9DnqJH+fnXT/iPAQ==');
INSERT INTO "seals" VALUES(4,'3cdc1cff27219e60d6843cbce327c34b41baef01aaf348b7f7058c5245e76053','p2GR9gYWjEg6dRz18u2QzwHubA7z2X8o2JB7EUY/wfsGdIYz4Sjv6mTe+eGK4FHh0k+5tVzMwBrXmxabpagRBw==');
INSERT INTO "seals" VALUES(5,'ca6b57f7001091f9da5f67f7fc164fb475e99e8ed33fefc715fdba06bcaa5e73','0HNIIKrSJqI/+D09/6x9DIDI6/De84UeIyfT3X2CRoQXMIcDTqKtG67S1GVD0Lu43rfe9s4Y1ZCCDhZAkkdcBQ==');
INSERT INTO "seals" VALUES(6,'25aa500f813aab6e0f80c3bb06d1f7b51fce4a4fb22d9eb000c2a75ab530f6bf','oNQzd7eP9+nXR9XGOCA8+zZSV7OxYYJ63ALaxfkzz5TiNRaQwbKPtSs+ODYyf/zgffxqE6sClLv1ttz2VUHnBQ==');
INSERT INTO "seals" VALUES(7,'de73d814920a45aaba7100a90aab65bf14961dc6072980f329389c92db967809','AWnH7+xBwSLJaL3uw9NNVqh87JJstuIcaJw5kayM9QcEYoIJXhZzwFmwBUiEPz1f12g98BaVMw05ySbRUYEbCg==');
INSERT INTO "seals" VALUES(8,'b8e0e1c3fd4e7bbf61c8be076d4d4c581fab4b0407e2ef30fc3a2878335227c0','Mbz0d91a9wvu1bCwPRjufQByAodS1SlizC6fQN6ECnG/UcCpwiBJTxYpJ+Hc5ifz5JGyR/W3HA/O8HqDdgP6Ag==');
INSERT INTO "seals" VALUES(9,'502389f6e8c49424cd9251404312d414abedc16d30a3c9afcf614f13eacc0ff8','+6yEl+sg82cBwhfDztXKpdEnDanpZj4dzyuqfZ8mjsxMl/rZzRiXRwbYuO1HVcuEPDBk62S5R4E5fkcu7PVTDg==');
INSERT INTO "seals" VALUES(10,'367def608bdeb926c409c488f7fc2b716a20e657e286c9b502f32404a580dac7','qYHycE9EazGUX3hO3zjUOV85ZespYYj7HBJJjd4zCC27sfovasvjKqMAGvvagXH9sUCqe/Cr3Qxqrvos+aVfDA==');
INSERT INTO "seals" VALUES(11,'6815b839ac720d641537a7fa288bcd73b73a3d48dffe36f39bee81c9cb0c203a','WR5fXtijmUDxOyC3q9pwE8D8609n5rmaqBUn1EulCAkL5YBl2fOdt4mKch7hsAoldwv8JAc6dWrsI0T9hHc2Dw==');
INSERT INTO "seals" VALUES(12,'267f7af49c6a65d3164fb25657562ea8d8bc4424fc857435f4e070b66365d72b','xacfx1leuq+WSa+LNFEQO/ElOP6ySOxqcttVoRY8GWJ5wygcRsNPQpjP02Ah+EMwrTWIZCGgKlJXncdxFqZ+Dw==');
INSERT INTO "seals" VALUES(13,'35cfcaa3b02710d87bebc7cece53340b9e5ff3d5098b08fcf918b738acd501f2','FPJpe2egt80d4ZYRQ0nrQRudXejzA28cwCefDq/v3s0BJtFz7OftxK8UQGf3J6ib/F4RXgCYZhC6FkjjN3PaBg==');
INSERT INTO "seals" VALUES(14,'340a1c4b5f661ea9f71794842ad19f7e4ce2c2af3780014a943171bb4c66db74','5A0FEIrX9nGBz9g13Wa/mhCERnF3/BCS8UCcjj0Y2RwXwt+v4LXrg6p/uNYpIboQfR+PzpnUu2xJmUvLM2ncDA==');
INSERT INTO "seals" VALUES(28,'6ba56d2071fcafc8ae432d56dd4c008fb807a3937d3ddb30d0319f37f5ebea1f','mAM8Ie9TRTgbi1CUdoVXTGsbfKMKbTJUG/0Anv6S/WOu9t5Hn0NvQUqZ4CwaBwWAXPDAs8we7KzpipdbmPIuBw==');
CREATE TABLE second_factors (
	account VARCHAR(50) NOT NULL, 
	secret TEXT NOT NULL, 
	is_on BOOLEAN NOT NULL, 
	last_step BIGINT NOT NULL, 
	PRIMARY KEY (account)
);
CREATE TABLE security_events (
	id INTEGER NOT NULL, 
	account VARCHAR(50) NOT NULL, 
	kind VARCHAR(30) NOT NULL, 
	device VARCHAR(50) NOT NULL, 
	at DATETIME NOT NULL, 
	session_hash VARCHAR(64) NOT NULL, 
	is_seen BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "security_events" VALUES(1,'officer:admin','new_device','','2026-11-28 17:16:31.657225','868a2a05d39e268ebc93e71e255d9e62235a1405d7f0275a4fd349a6ca85b057',0);
CREATE TABLE sessions (
	token_hash VARCHAR(64) NOT NULL, 
	account VARCHAR(50) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	used_at DATETIME NOT NULL, 
	device VARCHAR(50) NOT NULL, 
	is_pending BOOLEAN NOT NULL, 
	confirmed_at DATETIME, 
	PRIMARY KEY (token_hash)
);
INSERT INTO "sessions" VALUES('bf39b4494f20aad608f9981a795518d902b144e3c933b76a1fd1d229deae6c48','officer:admin','2026-11-28 17:16:27.821631','2026-11-28 17:16:28.054007','',0,NULL);
INSERT INTO "sessions" VALUES('d955061ba14573619ed6126b003ea38ff998fe675b4fa5f511c69e97595f7d52','officer:rahbar','2026-11-28 17:16:28.545768','2026-11-28 17:16:28.766332','',0,NULL);
INSERT INTO "sessions" VALUES('868a2a05d39e268ebc93e71e255d9e62235a1405d7f0275a4fd349a6ca85b057','officer:admin','2026-11-28 17:16:31.657225','2026-11-28 17:16:32.130532','',0,NULL);
INSERT INTO "sessions" VALUES('dfbd661ad85b4dcaa570ba95a750925a4b9db457b18e989157ad488de25aa3c8','member:3412001','2026-11-28 17:16:33.422652','2026-11-28 17:16:33.932221','other',0,NULL);
INSERT INTO "sessions" VALUES('d2ec7fa95282fd0269dd9147cb308df4acc362ca3c5ba69e43b63a80faa57947','officer:modir','2026-11-28 17:16:36.759546','2026-11-28 17:16:37.082504','other',0,NULL);
CREATE TABLE used_challenges (
	challenge_hash VARCHAR(64) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	PRIMARY KEY (challenge_hash)
);
CREATE INDEX parked_partitions ON parked_events (source, partition_key, position);
CREATE INDEX ix_activation_codes_expires_at ON activation_codes (expires_at);
CREATE INDEX attempts_by_key ON attempts ("key", at);
CREATE INDEX captchas_of_network ON captchas (network, expires_at);
CREATE INDEX captchas_by_expiry ON captchas (expires_at);
CREATE INDEX card_views_of_member ON card_views (member, at);
CREATE INDEX import_changes_by_time ON import_changes (imported_at);
CREATE INDEX import_reports_by_time ON import_reports (reported_at);
CREATE INDEX ix_known_devices_account ON known_devices (account);
CREATE INDEX ix_known_devices_seen_at ON known_devices (seen_at);
CREATE INDEX ix_members_province ON members (province);
CREATE INDEX ix_passkeys_account ON passkeys (account);
CREATE INDEX ix_password_resets_reset_at ON password_resets (reset_at);
CREATE INDEX rate_limit_hits_by_address ON rate_limit_hits (address, at);
CREATE INDEX reads_of_officer ON reads (officer, at);
CREATE INDEX ix_security_events_at ON security_events (at);
CREATE INDEX ix_security_events_account ON security_events (account);
CREATE INDEX sessions_by_use ON sessions (used_at);
CREATE INDEX ix_sessions_account ON sessions (account);
CREATE INDEX ix_used_challenges_expires_at ON used_challenges (expires_at);
CREATE TRIGGER facts_stay_UPDATE BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE TRIGGER facts_stay_DELETE BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
COMMIT;
