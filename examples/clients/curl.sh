#!/bin/sh
# A list for a page of the shop, and that its first item was shown: curl alone.
#   TIGERQL_TOKEN=… sh curl.sh
set -eu
url=${TIGERQL_URL:-http://localhost:4000}/graphql

ask() { # BODY
  curl -sS --fail-with-body "$url" \
    -H 'content-type: application/json' ${TIGERQL_TOKEN:+-H "authorization: Bearer $TIGERQL_TOKEN"} -d "$1"
}

list=$(ask '{"query": "{ recommendations(first: 3, placement: \"example/curl\") { listId nodes { item { externalId title } } } }"}')
echo "$list"
[ -n "${TIGERQL_TOKEN:-}" ] || exit 0 # feedback needs a token, or a key of role WRITER

id=$(echo "$list" | sed 's/.*"listId":"\([^"]*\)".*/\1/')
item=$(echo "$list" | sed 's/[^[]*\[{"item":{"externalId":"\([^"]*\)".*/\1/')
ask '{
  "query": "mutation ($input: RecordFeedbackInput!) { recordFeedback(input: $input) { recorded userErrors { message } } }",
  "variables": { "input": { "feedback": [{ "listId": "'"$id"'", "item": { "externalId": "'"$item"'" }, "kind": "SHOWN" }] } }
}'
echo
