/** Command lines of real pipelines, in short: which words a tool reads, which it writes, and whether anything stays unknown. */
import { expect, test } from 'vitest';
import { quoted, read, shown, uses } from './scripts.ts';

/** What each step reads > what it writes; `?`: it may read or write more. What lies beside is left out. */
function files(script: string): string {
  const { steps } = read({ inputs: 'path unused', script: quoted(script) });
  return steps.map(({ reads, writes, known }) => `${names(reads)} > ${names(writes)}${known ? '' : ' ?'}`).join('; ');
}

/** But for what lies beside another one: `a.bam.bai`, `a.bim`. */
function names(list: readonly { readonly text: string }[]): string {
  const texts = list.map(({ text }) => shown(text));
  const isBeside = (text: string): boolean => texts.some((other) => other !== text && text.startsWith(`${other}.`));
  return texts.filter((text) => !isBeside(text)).join(' ');
}

function use(script: string, inputs: string): string {
  return uses(read({ inputs, script: quoted(script) }));
}

const FILES: readonly [command: string, expected: string][] = [
  // OpenMS: lists end at the next option.
  ['FileConverter -in a.mzML -out a.mgf -threads 4', 'a.mzML > a.mgf'],
  ['IDMerger -in a.idXML b.idXML c.idXML -out all.idXML -annotate_file_origin true', 'a.idXML b.idXML c.idXML > all.idXML'],
  [
    'MapAlignerPoseClustering -in a.featureXML b.featureXML -out c.featureXML d.featureXML',
    'a.featureXML b.featureXML > c.featureXML d.featureXML',
  ],
  ['FeatureLinkerUnlabeledKD -in *.featureXML -out all.consensusXML -algorithm:link:rt_tol 30', '*.featureXML > all.consensusXML'],
  [
    'ProteomicsLFQ -threads 6 -in a.mzML b.mzML -ids a.idXML b.idXML -design design.tsv -fasta db.fasta -out_msstats m.csv -out out.mzTab -targeted_only true',
    'a.mzML b.mzML a.idXML b.idXML design.tsv db.fasta > m.csv out.mzTab',
  ],
  ['PercolatorAdapter -in a.idXML -out b.idXML -subset_max_train 1000 -decoy_pattern DECOY_ -post_processing_tdc', 'a.idXML > b.idXML'],
  // Binning, sketches, reports of taxa.
  [
    'cut_up_fasta.py contigs.fa -c 10000 -o 0 --merge_last -b contigs_10K.bed > contigs_10K.fa',
    'contigs.fa > contigs_10K.bed contigs_10K.fa',
  ],
  [
    'concoct_coverage_table.py contigs_10K.bed a.bam b.bam > coverage.tsv',
    'contigs_10K.bed a.bam a.bai a.csi b.bam b.bai b.csi > coverage.tsv',
  ],
  ['Fasta_to_Contig2Bin.sh -e fa -i bins > bins.tsv', 'bins * > bins.tsv'],
  ['Fasta_to_Contig2Bin.sh -e fa > bins.tsv', '* > bins.tsv'],
  ['dRep dereplicate out -g a.fa b.fa -comp 50 -p 6 --genomeInfo info.csv', 'a.fa * b.fa info.csv out > out'],
  ['skani dist -q a.fa -r b.fa c.fa -o ani.tsv -t 4', 'a.fa b.fa c.fa > ani.tsv'],
  ['fastANI --rl refs.txt -q a.fa -o ani.txt -t 2', 'refs.txt * a.fa > ani.txt'],
  ['sourmash sketch dna -p k=31,scaled=1000 --name a a.fa -o a.sig', 'a.fa > a.sig'],
  [
    'extract_kraken_reads.py -k a.kraken -s a_1.fq -s2 a_2.fq -t 9606 10090 -o b_1.fq -o2 b_2.fq --include-children -r a.report',
    'a.kraken a_1.fq a_2.fq a.report > b_1.fq b_2.fq',
  ],
  ['seqkit grep -f ids.txt -j 4 a.fa -o b.fa', 'ids.txt a.fa > b.fa'],
  ['seqtk subseq -l 60 a.fa ids.txt > b.fa', 'a.fa ids.txt > b.fa'],
  ['bustools sort -t 4 -m 4G -o s.bus a.bus', 'a.bus > s.bus'],
  [
    'bustools count -o counts/genes -g t2g.txt -e matrix.ec -t transcripts.txt --genecounts s.bus',
    't2g.txt matrix.ec transcripts.txt s.bus > counts/genes',
  ],
  // A subcommand of several words, or one behind an option.
  [
    'STAR --runThreadN 4 --runMode genomeGenerate --genomeDir idx --genomeFastaFiles genome.fa --sjdbGTFfile a.gtf',
    'genome.fa a.gtf > idx',
  ],
  ['STAR --runThreadN 4 --genomeDir idx --readFilesIn a_1.fq a_2.fq --outFileNamePrefix a.', 'idx a_1.fq a_2.fq > a.'],
  ['vsearch --sintax a.fa --db b.udb --tabbedout c.tsv --threads 4', 'a.fa b.udb > c.tsv'],
  ['minimap2 -d b.mmi a.2bit', 'a.2bit > b.mmi'],
  // bedtools.
  ['bedtools multiinter -i a.bed b.bed c.bed -names A B C -header > all.bed', 'a.bed b.bed c.bed > all.bed'],
  ['bedtools slop -i a.bed -g genome.sizes -b 100 > b.bed', 'a.bed genome.sizes > b.bed'],
  ['mergeBed -i a.bed -c 4 -o distinct -d 10 > b.bed', 'a.bed > b.bed'],
  ['closestBed -a a.bed -b b.bed c.bed -D ref -mdb all > d.bed', 'a.bed b.bed c.bed > d.bed'],
  // Several words behind an option, none, and a prefix: deepTools, MACS, CNVkit, Hi-C.
  [
    'computeMatrix scale-regions -R genes.bed peaks.bed -S a.bw b.bw -o m.gz --outFileNameMatrix m.tab -p 8',
    'genes.bed peaks.bed a.bw b.bw > m.gz m.tab',
  ],
  ['plotHeatmap --matrixFile m.gz --outFileName h.pdf --outFileNameMatrix h.tab', 'm.gz > h.pdf h.tab'],
  ['macs2 callpeak -t a.sam b.sam -c input.sam -f SAM -g hs -n a --outdir peaks -B', 'a.sam b.sam input.sam > a peaks'],
  ['macs2 bdgcmp -t a.bdg -c b.bdg -o fe.bdg lr.bdg -m FE logLR', 'a.bdg b.bdg > fe.bdg lr.bdg'],
  [
    'cnvkit.py batch t.sam -n -t targets.bed -f g.2bit --output-reference flat.cnn -d out',
    'targets.bed g.2bit t.sam > flat.cnn out *.cnr *.cns *.cnn *.pdf *.png *.bed',
  ],
  ['cnvkit.py export vcf a.cns -i a -o a.vcf', 'a.cns > a.vcf'],
  ['cooler cload pairs -c1 2 -p1 3 -c2 4 -p2 5 chrom.sizes a.pairs.gz a.cool', 'chrom.sizes a.pairs.gz > a.cool'],
  ['pairtools select "(pair_type == UU)" a.pairs --output-rest b.pairs -o c.pairs', 'a.pairs > b.pairs c.pairs'],
  ['hicConvertFormat -m a.cool b.cool --inputFormat cool --outputFormat h5 -o a.h5 b.h5', 'a.cool b.cool > a.h5 b.h5'],
  ['whatshap stats --gtf a.gtf --tsv a.tsv a.vcf', 'a.vcf > a.gtf a.tsv'],
  ['read_distribution.py -i a.sam -r genes.bed > a.txt', 'a.sam genes.bed > a.txt'],
  // Picard, in both ways of writing options, and by way of GATK.
  ['picard -Xmx4g CollectInsertSizeMetrics I=a.sam O=a.txt H=a.pdf', 'a.sam > a.txt a.pdf'],
  [
    'gatk --java-options "-Xmx4g" CollectHsMetrics -I a.sam -O a.txt --BAIT_INTERVALS b.interval_list --TARGET_INTERVALS t.interval_list',
    'a.sam b.interval_list t.interval_list > a.txt',
  ],
  ['picard SamToFastq --INPUT a.sam --FASTQ a_1.fq --SECOND_END_FASTQ a_2.fq --VALIDATION_STRINGENCY LENIENT', 'a.sam > a_1.fq a_2.fq'],
  // What an option tells with a tag behind a colon, and what a tool looks for by itself.
  [
    'gatk VariantRecalibrator -V a.g.vcf --resource:hapmap,known=false,prior=15 h.g.vcf -an QD -O a.recal --tranches-file a.tranches',
    'a.g.vcf h.g.vcf > a.recal a.tranches',
  ],
  [
    'gatk DenoiseReadCounts -I a.hdf5 --count-panel-of-normals pon.hdf5 --standardized-copy-ratios a.tsv --denoised-copy-ratios b.tsv',
    'a.hdf5 pon.hdf5 > a.tsv b.tsv',
  ],
  ['gatk IntervalListTools --INPUT a.interval_list --OUTPUT parts --SCATTER_COUNT 10', 'a.interval_list > parts'],
  ['rgi main --local -i a.fa -o a -n 4 --clean', 'a.fa localDB > a'],
  ['umi_tools dedup -I a.sam -S b.sam --output-stats a --paired -L c.log', 'a.sam > b.sam a c.log'],
  ['vcftools --gzvcf a.vcf.gz --keep ids.txt --maf 0.05 --recode --out b', 'a.vcf.gz ids.txt > b'],
  ['modkit pileup a.sam a.bed --ref genome --log-filepath a.log -t 4 --cpg --filter-threshold C:0.8', 'genome a.sam > a.log a.bed'],
  ['medaka sequence a.hdf b.hdf draft.2bit polished.fa --threads 4', 'a.hdf b.hdf draft.2bit > polished.fa'],
  ['preseq lc_extrap -verbose -bam -pe -output a.txt a.sam', 'a.sam > a.txt'],
  ['ktImportTaxonomy -t 5 -m 3 a.txt b.txt -tax taxonomy -o a.html', 'taxonomy a.txt b.txt > a.html taxonomy.krona.html'],
  ['vt normalize -r genome.2bit -o b.vcf a.vcf', 'genome.2bit a.vcf > b.vcf'],
  ['purge_dups -2 -T cutoffs -c PB.base.cov self.paf.gz > dups.bed', 'cutoffs PB.base.cov self.paf.gz > dups.bed'],
  // Many files behind one option, and how the names of a data set begin: PLINK, REGENIE.
  [
    'plink2 --pfile a --keep b.txt c.txt --pheno d.tsv --score w.tsv 1 2 3 header --out e --threads 2',
    'a b.txt c.txt d.tsv w.tsv header > e',
  ],
  ['plink --bfile a --covar c.tsv --clump g.tsv --clump-p1 1e-4 --out d', 'a c.tsv g.tsv > d'],
  [
    'regenie --step 1 --bed a --phenoFile p.tsv --covarFile c.tsv --bsize 1000 --lowmem --lowmem-prefix tmp --out b',
    'a p.tsv c.tsv > tmp b',
  ],
  ['SnpSift annotate -id dbsnp.vcf a.vcf > b.vcf', 'dbsnp.vcf a.vcf > b.vcf'],
  ['prodigal -i a.fa -a a.faa -f gff -o a.gff -p meta', 'a.fa > a.faa a.gff'],
  ['samtools bam2fq -1 a_1.fq -2 a_2.fq -n a.sam', 'a.sam > a_1.fq a_2.fq'],
  // A configuration, or an image in several files: whatever lies there may be opened.
  ['vina --config box.txt --ligand a.pdbqt --out b.pdbqt --cpu 4', 'box.txt * a.pdbqt > b.pdbqt'],
  ['bfconvert -series 0 -compression LZW a.czi b.ome.tiff', 'a.czi * > b.ome.tiff'],
  ['tesseract page.tif page -l eng --psm 6 pdf', 'page.tif pdf > page'],
  ['ncks -O -v temp -d time,0,10 a.nc b.nc', 'a.nc > b.nc'],
  [
    'augur refine --tree a.nwk --alignment a.fasta --metadata m.tsv --output-tree b.nwk --output-node-data b.json --timetree',
    'a.nwk a.fasta m.tsv > b.nwk b.json',
  ],
  ['fgbio --tmp-dir . ZipperBams -i a.sam --unmapped b.sam --ref g.2bit -o c.sam', 'a.sam b.sam g.2bit > c.sam'],
  // An option with several words of its own, and images of which the name is taken without its ending: MRtrix3, FSL, ANTs.
  ['mrconvert -fslgrad bvecs bvals dwi.mif -coord 3 0 b0.mif -export_grad_fsl a.bvec a.bval', 'bvecs bvals dwi.mif > a.bvec a.bval b0.mif'],
  ['mrcalc a.mif 2 -mult b.mif -add c.mif -force', 'a.mif b.mif > c.mif'],
  ['mrcat b0_ap.mif b0_pa.mif b0_pair.mif -axis 3', 'b0_ap.mif b0_pa.mif > b0_pair.mif'],
  [
    'dwi2fod msmt_csd dwi.mif wm.txt wm.mif gm.txt gm.mif csf.txt csf.mif -mask m.mif',
    'm.mif dwi.mif wm.txt gm.txt csf.txt > wm.mif gm.mif csf.mif',
  ],
  ['tckgen wm.mif a.tck -act 5tt.mif -seed_random_per_voxel gmwmi.mif 10 -select 1M', '5tt.mif gmwmi.mif 10 wm.mif > a.tck'],
  ['tensor2metric dt.mif -fa fa.mif -vector v.mif -num 1', 'dt.mif > fa.mif v.mif'],
  ['dwifslpreproc a.mif b.mif -rpe_pair -se_epi c.mif -pe_dir ap -readout_time 0.72 -align_seepi', 'c.mif a.mif > b.mif'],
  ['dwi2response dhollander a.mif wm.txt gm.txt csf.txt -voxels v.mif', 'a.mif > v.mif wm.txt gm.txt csf.txt'],
  ['fslmaths a -add 2.5 -mul b -thr -1 c -odt float', 'a 2.5 b > c'],
  ['flirt -in a -ref b -out c -omat a2b.mat -searchrx -90 90 -dof 6', 'a b > c a2b.mat'],
  ['convert_xfm -omat ac.mat -concat bc.mat ab.mat', 'bc.mat ab.mat > ac.mat'],
  ['fslmerge -t all a b c', 'a b c > all'],
  ['eddy_openmp --imain=d --mask=m --acqp=a.txt --index=i.txt --bvecs=v --bvals=w --topup=t --out=e --repol', 'd m a.txt i.txt v w t > e'],
  [
    'antsRegistration -d 3 -r [fixed.nrrd,moving.nrrd,1] -m MI[fixed.nrrd,moving.nrrd,1,32,Regular,0.25] -t Rigid[0.1] -c [1000x500,1e-6,10] -s 3x2 -f 8x4 -o [out,warped.nrrd]',
    'fixed.nrrd moving.nrrd MI 32 Regular 0.25 > out warped.nrrd',
  ],
  ['antsApplyTransforms -d 3 -i a.nrrd -r b.nrrd -t [c.mat,1] -t d.nrrd -o e.nrrd', 'a.nrrd b.nrrd c.mat d.nrrd > e.nrrd'],
  ['N4BiasFieldCorrection -d 3 -i a.nrrd -x m.nrrd -b [200] -o [b.nrrd,bias.nrrd]', 'a.nrrd m.nrrd > b.nrrd bias.nrrd'],
  // Names that stand for what is not named: GROMACS opens what it calls so itself, and topologies name others.
  [
    'gmx rms -s em.tpr -f md.xtc -o a.xvg -tu ns',
    'em.tpr md.xtc topol.tpr traj.xtc residuetypes.dat atommass.dat vdwradii.dat elements.dat electroneg.dat > a.xvg rmsd.xvg',
  ],
  // Annotation, trees, structural variants.
  ['miniprot -t 8 -ut16 --gff genome.mpi proteins.faa > a.gff', 'genome.mpi proteins.faa > a.gff'],
  ['yahs -o out -e GATC,GANTC contigs.2bit hic.bin', 'contigs.2bit hic.bin > out yahs.out*'],
  [
    'liftoff -g a.gff -o b.gff -u unmapped.txt target.2bit reference.2bit -p 4',
    'a.gff target.2bit reference.2bit > b.gff unmapped.txt unmapped_features.txt intermediate_files *_db a.gff.fai a.gff.mmi target.2bit.fai target.2bit.mmi reference.2bit.fai reference.2bit.mmi',
  ],
  ['FastTree -gtr -nt -boot 100 a.aln > a.nwk', 'a.aln > a.nwk'],
  ['cmsearch --cpu 4 --tblout a.tbl -o a.out Rfam.cm a.fna', 'Rfam.cm a.fna > a.tbl a.out'],
  [
    'cmscan --nohmmonly --rfam --cut_ga --clanin Rfam.clanin --tblout a.tbl Rfam.cm a.fna > a.txt',
    'Rfam.clanin Rfam.cm a.fna > a.tbl a.txt',
  ],
  [
    'agat_sp_statistics.pl --gff a.gff -f genome.2bit --output a.txt',
    'a.gff genome.2bit agat_config.yaml feature_levels.yaml > a.txt *.agat.log',
  ],
  ['SURVIVOR merge files.txt 1000 2 1 1 0 30 merged.vcf', 'files.txt * > merged.vcf'],
  ['SURVIVOR filter a.vcf NA 50 -1 0.01 10 b.vcf', 'a.vcf NA > b.vcf'],
  ['dysgu run -p 4 genome.2bit wd a.sam > a.vcf', 'genome.2bit a.sam > wd a.vcf'],
  // Phasing, immunology, docking, spectra.
  ['phase_common --input a.bin --map m.gz --region chr1 --output b.bin --thread 8', 'a.bin m.gz > b.bin'],
  ['angsd -b bams.txt -ref genome.2bit -out a -GL 2 -nThreads 4', 'bams.txt * genome.2bit > a angsdput.*'],
  [
    'MakeDb.py igblast -i a.fmt7 -s a.fasta -r V.fasta D.fasta J.fasta --extended',
    'a.fmt7 a.fasta V.fasta D.fasta J.fasta > *_*-pass.* *_*-fail.*',
  ],
  ['OptiTypePipeline.py -i a_1.fq a_2.fq --dna -v -o out', 'a_1.fq a_2.fq > out'],
  ['gnina -r rec.pdb -l lig.sdf --autobox_ligand lig.sdf -o docked.sdf.gz', 'rec.pdb lig.sdf > docked.sdf.gz'],
  [
    'comet -Pa.params -Da.fasta -Nb a.mzML',
    'a.params * a.fasta a.mzML comet.params > b *.pep.xml *.txt *.pin *.sqt *.mzid a.pep.xml a.txt a.pin a.sqt a.mzid',
  ],
  // Climate, trees, images, single cells.
  ['ncrcat -O -v T,P in1.nc in2.nc out.nc', 'in1.nc in2.nc out.nc > out.nc'],
  ['ncra -n 3,4,1 h0001.nc h0001-0003.nc', '* h0001.nc h0001-0003.nc > h0001-0003.nc'],
  ["ncap2 -s 'T2=T*2' -O in.nc out.nc", 'in.nc > out.nc'],
  ['nccopy -k nc4 -d 1 -c time/1000,lat/40 slow.nc fast.nc', 'slow.nc > fast.nc'],
  ['astral -i gene_trees.nwk -o species.nwk -a names.txt -t 2', 'gene_trees.nwk names.txt > species.nwk'],
  ['mcl blast.abc --abc -I 1.5 -te 4 -o clusters.txt', 'blast.abc > clusters.txt out.*'],
  ['muscle -align input.fasta -output aln.afa -threads 4', 'input.fasta > aln.afa'],
  ['augustus --species=human --hintsfile=hints.gff --extrinsicCfgFile=e.cfg genome.2bit > a.gff', 'hints.gff e.cfg genome.2bit > a.gff'],
  ['exonerate --model protein2genome -q a.faa -t genome.2bit --showvulgar no > a.txt', 'a.faa genome.2bit protein2genome no > a.txt'],
  [
    'realSFS pop1.saf.idx pop2.saf.idx -P 4 > pop1.pop2.ml',
    'pop1.saf.idx pop1.saf.gz pop1.saf.pos.gz pop2.saf.idx pop2.saf.gz pop2.saf.pos.gz > shared.pos.gz pop1.pop2.ml',
  ],
  ['gemma -bfile a -k k.txt -lmm 4 -o b', 'a k.txt > b output'],
  ['topaz extract -r 14 -m model.sav -o particles.txt a.mrc b.mrc', 'model.sav a.mrc b.mrc > particles.txt'],
  ['scil_volume_math.py union a.nii b.nii c.nii --data_type uint8 -f', 'a.nii b.nii > c.nii'],
  ['mri_synthstrip -i a.mgz -o b.mgz -m mask.mgz --no-csf', 'a.mgz > b.mgz mask.mgz'],
  ['dcm2niix -z y -f %i -o out dicoms', 'dicoms * > out *.nii* *.json *.bval *.bvec'],
];

test.each(FILES)('%s', (command, expected) => {
  expect(files(command)).toBe(expected);
});

const USES: readonly [what: string, inputs: string, command: string, expected: string][] = [
  [
    'a step of OpenMS that is given a table for nothing',
    'path mzml\npath table',
    'PeakPickerHiRes -in $mzml -out picked.mzML -threads 2 -algorithm:ms_levels 1',
    'mzml direct, table unread',
  ],
  [
    'a list behind an option, and a file staged under a name that stands in it',
    "path 'a.idXML'\npath 'b.idXML'\npath 'c.idXML'",
    'ConsensusID -in a.idXML b.idXML -out all.idXML',
    '- staged-name, - staged-name, - unread',
  ],
  [
    'a topology that may include others',
    'path mdp\npath gro\npath top\npath ligand',
    'gmx grompp -f $mdp -c $gro -p $top -o em.tpr',
    'mdp direct, gro direct, top direct, ligand listing',
  ],
  ['an image that is named without its ending', "path 'T1.nii.gz'\npath 'mask.nii.gz'", 'bet T1 T1_brain -m -R', '- companion, - unread'],
  [
    'options that are not known',
    'path mzml\npath table\nval more',
    'FileFilter -in $mzml $more -out small.mzML',
    'mzml direct, table maybe, more direct',
  ],
];

test.each(USES)('%s', (_, inputs, command, expected) => {
  expect(use(command, inputs)).toBe(expected);
});
