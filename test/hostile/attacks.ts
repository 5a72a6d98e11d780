// Answers that are attacks in another place: lists of OWASP and others. They are answers like any other.

/** Strings that attack whoever shows them: HTML, attributes, templates, headers. */
export const attacks = [
  ...['<script>alert(1)</script>', '"><script>alert(1)</script>', "'><img src=x onerror=alert(1)>"],
  ...['</textarea><script>alert(1)</script>', '</title><svg onload=alert(1)>', '<!--<script>'],
  ...['" autofocus onfocus=alert(1) x="', 'javascript:alert(1)', '{{7*7}}', '#{7*7}', '<%= 7*7 %>'],
  ...["' OR '1'='1", '1; DROP TABLE rows --', '=1+1', '@SUM(1)', '$(reboot)', '`reboot`', '| id'],
  ...['../../etc/passwd', '%0d%0aSet-Cookie: a=b', '*)(uid=*', '<!ENTITY x SYSTEM "file:///">'],
  ...['\u202egpj.exe', '＜script＞', '<scr\u0130pt>', '&lt;b&gt;', '%s%n', '\\u003cb\\u003e'],
] as const

/** Whether no attack of the list became part of a page: its tags and quotes are escaped. */
export const isEscaped = (answer: string): boolean =>
  !/<script>alert|<svg onload|<img src=x|<!--<script|<!ENTITY|<b>|" autofocus onfocus=/.test(answer)
