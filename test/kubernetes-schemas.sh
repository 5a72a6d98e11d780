#!/usr/bin/env bash
# Downloads the schemas of Kubernetes 1.34 to .cache/kubernetes, for test/knative-manifests.test.ts. Downloads 22 MB and keeps 1.5 MB.
set -euo pipefail
cd "$(dirname "$0")/../.cache"
[ -f kubernetes/_definitions.json ] && exit
fetched=$(mktemp -d)
python3 -m pip download --quiet --no-deps --dest "$fetched" kubernetes-validate==1.37.0
python3 - "$fetched" <<'PYTHON'
import glob, os, sys, zipfile
with zipfile.ZipFile(glob.glob(sys.argv[1] + '/*.whl')[0]) as archive:
    text = archive.read('kubernetes_validate/kubernetes-json-schema/v1.34.0-local-strict/_definitions.json')
os.makedirs('kubernetes', exist_ok=True)
open('kubernetes/_definitions.json', 'wb').write(text)
PYTHON
rm -r "$fetched"
