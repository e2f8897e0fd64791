/// Manifests of a small shop, as people write them.
enum PolicyManifest {
    static let shop = """
        # The shop: a web server before a database.
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          annotations:
            note: |
              Two tiers:
              - kind: of
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          template:
            metadata:
              labels: {app: web}
            spec:
              nodeName: n1
              containers:
              - name: web
                image: web:1
                command: ["/bin/sh", "-c"]
                args:
                - |
                  exec web --port 8080
                ports:
                - name: http
                  containerPort: 8080
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: shop, labels: {app: db}}
        spec:
          nodeName: n2
          containers:
          - ports: [{name: sql, containerPort: 5432}]
        status: {podIPs: [{ip: 10.0.0.2}, {ip: "fd00::2"}]}
        ---
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Pod, metadata: {name: client, labels: {app: client}}, spec: {nodeName: n1}}
        - {apiVersion: v1, kind: Pod, metadata: {name: done, labels: {app: web}}, status: {phase: Succeeded}}
        - {apiVersion: v1, kind: ConfigMap, metadata: {name: none}, data: {kind: NetworkPolicy}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: db
          namespace: shop
        spec:
          podSelector:
            matchLabels:
              app: db
          ingress:
          - from:
            - podSelector:
                matchExpressions:
                - {key: app, operator: In, values: [web]}
            - ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}
            ports:
            - port: sql
        ---
        id: no-mail
        direction: egress
        applied_to: [{tenant_id: shop}]
        ingress:
        - peers: [{peer: any}]
          rules: [{protocol: tcp, ports: [25]}]

        """
}
