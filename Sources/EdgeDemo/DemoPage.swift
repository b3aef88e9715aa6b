/// The site's page; it also talks to the site's WebSocket.
enum DemoPage {
    /// The page.
    static let text = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Behind a tunnel</title>
        <style>
        :root { color-scheme: light dark; --line: #2a7d6b; }
        body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 14vh auto; padding: 0 1.5rem; }
        h1 { font-size: 2rem; line-height: 1.2; border-left: .4rem solid var(--line); padding-left: 1rem; }
        code, output { font-family: ui-monospace, monospace; font-size: .95em; }
        output { display: block; border: 1px solid var(--line); border-radius: .4rem; padding: .6rem 1rem; }
        </style>
        </head>
        <body>
        <h1>You are behind a tunnel</h1>
        <p>This page comes from a small site that no port leads to. Its client dialled a relay and keeps one connection
        open; the relay read the name <code id="name">…</code> in your first bytes and sent them down that connection.</p>
        <p>The WebSocket next door says:</p>
        <output id="greeting">…</output>
        <p><a href="/hello">A line of plain text</a></p>
        <script>
        document.getElementById("name").textContent = location.hostname;
        const greeting = document.getElementById("greeting");
        const socket = new WebSocket(location.origin.replace("http", "ws") + "/socket");
        socket.onmessage = event => { greeting.textContent = event.data; };
        socket.onerror = () => { greeting.textContent = "nothing: the connection failed"; };
        </script>
        </body>
        </html>

        """
}
