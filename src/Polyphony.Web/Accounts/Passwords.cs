namespace Polyphony.Web.Accounts;

/// <summary>What a password must be: long, not common, not the e-mail. No rules of composition (NIST SP 800-63B, ASVS 6.2.5).</summary>
public static class Passwords
{
    public const int Shortest = 12;
    private const int Longest = 256;

    /// <summary>Words and runs of which common passwords of twelve characters and more are made, in the lists that attackers use.</summary>
    private static readonly string[] Common =
    [
        "password", "passwort", "motdepasse", "contrasena", "qwertyuiop", "qwerty", "azertyuiop", "azerty", "1q2w3e4r5t6y", "1q2w3e4r", "zxcvbnm", "asdfghjkl", "iloveyou", "jetaime",
        "welcome", "bienvenue", "letmein", "administrator", "admin", "football", "baseball", "basketball", "princess", "sunshine", "superman", "starwars", "pokemon", "dragon", "monkey",
        "shadow", "master", "michael", "jordan", "soleil", "chocolat", "doudou", "loulou", "marseille", "polyphony", "changeme", "secret", "trustno1", "whatever", "computer", "internet", "samsung",
        "google", "hello", "bonjour", "liverpool", "chelsea", "arsenal", "barcelona", "realmadrid", "juventus", "abcdefghijkl", "abcdef", "abc123", "qazwsxedc", "qazwsx", "1qaz2wsx3edc", "1qaz2wsx",
    ];

    /// <summary>Codes of everything that is wrong with a password.</summary>
    public static IReadOnlyList<string> Problems(string password, string email)
    {
        List<string> problems = [];
        if (password.Length < Shortest)
        {
            problems.Add("password-short");
        }

        if (password.Length > Longest)
        {
            problems.Add("password-long");
        }

        string mailbox = email.Split('@')[0];
        if (mailbox.Length >= 4 && password.Contains(mailbox, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add("password-has-email");
        }

        if (password.Length >= Shortest && IsCommon(password))
        {
            problems.Add("password-common");
        }

        return problems;
    }

    /// <summary>Whether little is left of a password when digits, signs, repeated and common parts are taken out.</summary>
    public static bool IsCommon(string password)
    {
        string letters = new([.. password.ToLowerInvariant().Select(c => c switch { '@' => 'a', '0' => 'o', '$' => 's', '3' => 'e', _ => c })]);
        if (password.Distinct().Count() < 5 || IsRun(password))
        {
            return true;
        }

        foreach (string word in Common)
        {
            string rest = letters.Replace(word, "", StringComparison.Ordinal);
            if (rest.Length < letters.Length && rest.Count(char.IsLetter) - rest.Count(c => c is 'o' or 'e') < 4 && rest.Distinct().Count() < 7)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether most neighbours are neighbours in the alphabet, on the number row, or equal.</summary>
    private static bool IsRun(string password) =>
        password.Zip(password.Skip(1)).Count(pair => Math.Abs(pair.First - pair.Second) <= 1) >= (password.Length - 1) * 0.75;
}
