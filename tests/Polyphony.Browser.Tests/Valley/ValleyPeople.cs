using System.Globalization;
using System.Text;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Browser.Tests.Valley;

/// <summary>Invents the people of a Breton river valley and writes them as a French spreadsheet program does: semicolons, decimal commas, Windows-1252.</summary>
internal static class ValleyPeople
{
    public const int Pool = 237;
    public const int Places = 36;

    private static readonly string[] Women = ["Aëlle", "Anaïs", "Enora", "Gwenaëlle", "Hélène", "Maïwenn", "Marie-Françoise", "Nolwenn", "Rozenn", "Solène", "Thérèse", "Zoé"];
    private static readonly string[] Men = ["André", "Aurélien", "Brieuc", "Erwan", "Gaël", "Hervé", "Jérôme", "Loïc", "Malo", "Noël", "Rémi", "Yann-Ber"];
    private static readonly string[] Families = ["Coëtmeur", "Guégan", "L’Hévéder", "Le Bihan", "Le Cœur", "Le Goff", "Le Quéré", "Mahé", "Nédélec", "Péron", "Quéméner", "Rivoallan", "Tanguy", "Trévien"];
    private static readonly string[] Streets = ["venelle du Lavoir", "route de l’Écluse", "rue de la Fontaine", "chemin du Gué", "impasse du Bélier", "hameau de Kerguéhennec"];

    private static readonly (string Criterion, (string Value, int Min, int Max, string Target, double Weight)[] Values)[] Criteria =
    [
        ("Genre", [("femme", 17, 19, "0,513", 0.55), ("homme", 17, 19, "0,487", 0.45)]),
        ("Âge", [("16–34 ans", 8, 10, "0,24", 0.16), ("35–59 ans", 13, 15, "0,39", 0.38), ("60 ans et plus", 12, 14, "0,37", 0.46)]),
        ("Commune", [("Haute-Vallée", 9, 11, "0,28", 0.30), ("Saint-Gouéno", 14, 16, "0,42", 0.42), ("L’Estuaire", 10, 12, "0,30", 0.28)]),
        ("Lien à l’eau", [("agriculture ou pêche", 5, 7, "0,16", 0.20), ("puits ou source à soi", 8, 11, "0,27", 0.26), ("eau du réseau", 19, 23, "0,57", 0.54)]),
    ];

    public static byte[] Quotas() => Write(Criteria.SelectMany(criterion => criterion.Values.Select(value =>
        string.Create(CultureInfo.InvariantCulture, $"{criterion.Criterion};{value.Value};{value.Min};{value.Max};{value.Target}"))).Prepend("feature;value;min;max;target"));

    public static byte[] PoolFile()
    {
        RehearsalChance chance = new(20_260_214);
        List<string> lines = ["Identifiant;Nom;Courriel;Rue;Code postal;Langue;" + string.Join(';', Criteria.Select(criterion => criterion.Criterion))];
        for (int i = 1; i <= Pool; i++)
        {
            string[] values = [.. Criteria.Select(criterion => criterion.Values[chance.Weighted([.. criterion.Values.Select(value => value.Weight)])].Value)];
            string name = chance.Of(values[0] == "femme" ? Women : Men) + " " + chance.Of(Families);
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"V{i:000};{name};habitant{i}@vallee.example;{chance.Below(90) + 1}, {chance.Of(Streets)};22{chance.Below(9)}30;{(chance.Below(6) == 0 ? "en" : "fr")};{string.Join(';', values)}"));
        }

        return Write(lines);
    }

    private static byte[] Write(IEnumerable<string> lines) => CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(string.Join("\r\n", lines) + "\r\n");
}
