#!/usr/bin/python3
"""Queues of a broker on 127.0.0.1, for tests.

amqp-queue.py PORT bind QUEUE EXCHANGE KEY   a durable queue, bound by the key
amqp-queue.py PORT take QUEUE                print its messages until it is empty
amqp-queue.py PORT show QUEUE                the same with what is around them
amqp-queue.py PORT exchange NAME TYPE        a durable exchange
amqp-queue.py PORT delete EXCHANGE
"""
import json
import sys

import pika

port, verb, name, *more = sys.argv[1:]
connection = pika.BlockingConnection(
    pika.ConnectionParameters("127.0.0.1", int(port), heartbeat=0,
                              blocked_connection_timeout=60))
channel = connection.channel()


def messages():
    channel.basic_qos(prefetch_count=5000)
    left = channel.queue_declare(name, passive=True).method.message_count
    tag = 0
    if left == 0:
        return
    for method, properties, body in channel.consume(name):
        yield method, properties, body
        tag = method.delivery_tag
        left -= 1
        if left == 0 or tag % 1000 == 0:
            channel.basic_ack(tag, multiple=True)
        if left == 0:
            left = channel.queue_declare(
                name, passive=True).method.message_count
            if left == 0:
                return


if verb == "bind":
    channel.queue_declare(name, durable=True)
    channel.queue_bind(name, more[0], more[1])
elif verb == "take":
    for _, _, body in messages():
        sys.stdout.buffer.write(body + b"\n")
elif verb == "show":
    for method, properties, body in messages():
        print(json.dumps({
            "key": method.routing_key, "type": properties.type,
            "id": properties.message_id, "mode": properties.delivery_mode,
            "content": properties.content_type, "time": properties.timestamp,
            "app": properties.app_id, "headers": properties.headers,
            "body": body.decode()}))
elif verb == "exchange":
    channel.exchange_declare(name, more[0], durable=True)
elif verb == "delete":
    channel.exchange_delete(name)
connection.close()
