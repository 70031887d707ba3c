using System.Text;

namespace Polyphony.Benchmarks.Draws;

/// <summary>Writes a synthetic register for timing <c>polyphony invite</c>: households of one to four in 300 places, some spelled with accents.</summary>
internal static class RegisterVerb
{
    private static readonly string[] First = ["Anna", "Éva", "Max", "Jonas", "Zoë", "Li"];
    private static readonly string[] Street = ["Hauptstraße", "Rue de la Paix", "Main Street", "Gartenweg"];
    private static readonly string[] Gender = ["woman", "man", "woman", "man", "other"];

    public static int Run(Arguments arguments)
    {
        int rows = arguments.Number("rows", 1_000_000);
        string path = arguments.Text("out", "register.csv");
        using StreamWriter file = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 20);
        file.Write("id,first,last,birth,age,gender,place,street,house,postcode\n");
        uint state = 1;
        int Below(int bound)
        {
            // A linear congruence is enough: these people only have to differ.
            state = (state * 1_664_525) + 1_013_904_223;
            return (int)(((ulong)state * (ulong)bound) >> 32);
        }

        int household = 0;
        int left = 0;
        string home = "";
        for (int i = 1; i <= rows; i++)
        {
            if (left == 0)
            {
                household++;
                left = 1 + Below(4);
                home = FormattableString.Invariant($"P{Below(Below(300) + 1):000},{Street[Below(4)]},{household % 200},{10_000 + (household / 200)}");
            }

            left--;
            int birth = 1930 + Below(80);
            string age = birth > 1996 ? "16-29" : birth > 1981 ? "30-44" : birth > 1961 ? "45-64" : "65+";
            file.Write(FormattableString.Invariant($"R{i:0000000},{First[Below(6)]},Last{i % 5000},{birth},{age},{Gender[Below(5)]},{home}\n"));
        }

        Console.WriteLine($"{rows} rows in {path}");
        return 0;
    }
}
