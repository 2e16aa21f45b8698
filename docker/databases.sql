-- One database per app: nobody reads another's tables (DESIGN: each app owns its schema).
create database incident_command;
create database channel_social;
create database channel_email;
create database channel_sms;
create database partner_gateway;
create database incident_log;
