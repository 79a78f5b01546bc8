/** What a browser without the token is shown: how to get in. */
export const entrancePage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Patchbay</title>
<h1>Patchbay needs its key</h1>
<p>This Patchbay lets in only browsers that were opened with its own address, so that no other page on the web can use it.</p>
<p>Look at the terminal in which it was started: it printed a line such as<br>
<code>Patchbay is at http://127.0.0.1:8188/?token=…</code><br>
Open that whole address once; afterwards this browser is known, and the short one does.</p>
</html>
`;
