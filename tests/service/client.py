"""Sends posts, one JSON object a line, to a served Redress, with the standard library alone: client.py URL TOKEN POSTS [ADVANCE_TO_MS]."""
import json
import sys
import urllib.request


def send(url, token, path, body):
    request = urllib.request.Request(url + path, data=body, method="POST")
    request.add_header("Authorization", "Bearer " + token)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


url, token, posts = sys.argv[1:4]
with open(posts, "rb") as lines:
    for line in lines:
        fate = send(url, token, "/v1/posts", line.strip())
        print(fate["id"], fate["fate"])
if len(sys.argv) > 4:
    print(send(url, token, "/v1/clock", json.dumps({"advance_to_ms": int(sys.argv[4])}).encode()))
