using MimeKit;

namespace Polyphony.Browser.Tests.Hostile;

/// <summary>The mails: plain text, whatever was typed, with the head that the server gave them.</summary>
public sealed partial class TypingHostileText
{
    private const string Broken = "Water\r\nBcc: eve@hostile.example\r\n\r\n<script>window.__xss=1</script>";

    private static readonly string[] Head = ["From", "Date", "Subject", "Message-Id", "To", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"];

    // Everybody who was drawn and one who replaced somebody, one letter for each mandate with a letter and one more, and a forgotten password.
    private static readonly int Mails = Places + 1 + ((Bundles + 1) / 2) + 1 + 1;

    private async Task ReadTheMailAsync()
    {
        string[] files = [];
        for (int i = 0; i < 300 && files.Length < Mails; i++)
        {
            await Task.Delay(100);
            files = Directory.GetFiles(server!.Outbox, "*.eml");
        }

        Assert.Equal(Mails, files.Length);
        List<string> said = [];
        string? reset = null;
        foreach (string file in files)
        {
            using MimeMessage mail = await MimeMessage.LoadAsync(file);
            Assert.Equal([], mail.Headers.Select(header => header.Field).Except(Head, StringComparer.OrdinalIgnoreCase));
            Assert.Equal(mail.Headers.Count, mail.Headers.Select(header => header.Field).Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Assert.EndsWith("@hostile.example", Assert.Single(mail.To.Mailboxes).Address, StringComparison.Ordinal);
            TextPart text = Assert.IsType<TextPart>(Assert.Single(mail.BodyParts));
            Assert.True(text.IsPlain, text.ContentType.ToString());
            said.Add(Plain(mail.Subject + text.Text));
            reset ??= ResetLink().Match(text.Text) is { Success: true } link ? link.Value : null;
        }

        Assert.Equal([], HostileTexts.All.Append(Broken).Where(text => !said.Exists(mail => mail.Contains(Plain(text), StringComparison.Ordinal))));
        await OpenAsync(reset ?? throw new InvalidOperationException("No mail leads to a new password."));
    }

    [System.Text.RegularExpressions.GeneratedRegex("/account/reset/\\S+")]
    private static partial System.Text.RegularExpressions.Regex ResetLink();
}
